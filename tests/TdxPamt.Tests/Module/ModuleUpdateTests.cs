using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

/// <summary>From one module to the next: TDH.SYS.SHUTDOWN and TDH.SYS.UPDATE.</summary>
public class ModuleUpdateTests
{
    private const ulong Invalid = 0xC000010000000000;
    private const ulong AvoidSensitive = 1UL << 16;
    private const ulong Tdr = 9 * GiB;

    private readonly SparsePhysicalMemory _memory = new();

    [Theory]
    [InlineData("1.5.16", 0, 0UL)]
    [InlineData("1.5.16", 1, Invalid + 1)]
    [InlineData("1.5.16", AvoidSensitive, Invalid + 1)]
    [InlineData("1.5.25", 0, Invalid + 1)]
    [InlineData("1.5.25", 1, 0UL)]
    [InlineData("1.5.25", 2, Invalid + 1)]
    [InlineData("1.5.25", AvoidSensitive, Invalid + 1)]
    [InlineData("1.5.25", AvoidSensitive | 1, 0UL)]
    [InlineData("1.5.25", (1UL << 17) | 1, Invalid + 1)]
    [InlineData("1.5.25", (1UL << 63) | 1, Invalid + 1)]
    [InlineData("2.0.18", AvoidSensitive | 1, 0UL)]
    public void a_shutdown_names_the_version_of_the_handoff_data(string release, ulong rcx, ulong status)
    {
        ModuleMachine machine = Ready(release);
        machine.Module.Handoff.Should().BeNull();
        machine.Call(52, rcx).Rax.Should().Be(status);
        machine.Module.State.Should().Be(status == 0 ? TdxModuleState.ShutDown : TdxModuleState.Ready);
        (machine.Module.Handoff is not null).Should().Be(status == 0);
    }

    [Fact]
    public void a_shutdown_may_wait_for_tds_that_are_being_built()
    {
        ModuleMachine machine = Ready("1.5.25");
        machine.Call(9, Tdr, 33).Rax.Should().Be(0);
        machine.Call(9, Tdr + Page, 34).Rax.Should().Be(0);
        machine.Call(52, AvoidSensitive | 1).Rax.Should().Be(0x8000051200020000);
        machine.Module.State.Should().Be(TdxModuleState.Ready);
        machine.Call(52, 1).Rax.Should().Be(0);
        machine.Call(24, Tdr).Rax.Should().Be(0xC000050600000000, "it is shut down");
    }

    [Theory]
    [InlineData(0, 2, 1, 0UL)]
    [InlineData(1, 5, 0, 0UL)]
    [InlineData(1, 4, 0, 0UL)]
    [InlineData(1, 2, 1, Invalid + 9)]
    [InlineData(1, 7, 0, Invalid + 9)]
    [InlineData(1, 1, 1, Invalid + 10)]
    [InlineData(2, 2, 1, Invalid)]
    public void version_1_of_an_update_asks_for_features(ulong version, ulong r9, ulong r10, ulong status)
    {
        TdxModule next = Next(Ready("1.5.25"), new() { TdxFeatures0 = 5 });
        SeamcallRegisters registers = new() { Rax = 53 | (version << 16), R9 = r9, R10 = r10 };
        next.Call(ref registers).Value.Should().Be(status);
        next.State.Should().Be(status == 0 ? TdxModuleState.Ready : TdxModuleState.Initialized);
    }

    [Theory]
    [InlineData("1.5.16")]
    [InlineData("1.5.13")]
    public void before_1_5_25_an_update_has_version_0_alone(string release)
    {
        TdxModuleRelease.TryParse(release, out TdxModuleRelease? found).Should().BeTrue();
        TdxModule next = Next(Ready(release), new() { Release = found! });
        Call(next, 53 | (1UL << 16)).Should().Be(Invalid);
        Call(next, 53).Should().Be(0);
    }

    [Fact]
    public void an_update_takes_over_pages_and_tds_once()
    {
        ModuleMachine machine = Ready("1.5.25");
        machine.Call(9, Tdr, 33).Rax.Should().Be(0);
        TdxModule next = Next(machine, new());
        next.Handoff.Should().BeNull("it has not been shut down itself");
        Call(next, 53).Should().Be(0);
        next.State.Should().Be(TdxModuleState.Ready);
        next.TryGetPage(Tdr, out PamtPage page).Should().BeTrue();
        page.Type.Should().Be(PamtPageType.Tdr);
        Call(next, 9, Tdr + Page, 33).Should().Be((ulong)CompletionCode.HkidNotFree << 32);
        Call(next, 9, Tdr + Page, 32).Should().Be((ulong)CompletionCode.HkidNotFree << 32, "it is the module's own");
        Call(next, 9, Tdr + Page, 34).Should().Be(0);
        Call(next, 53).Should().Be((ulong)CompletionCode.SysStateIncorrect << 32);
    }

    [Fact]
    public void an_update_needs_handoff_data_and_every_processor()
    {
        Call(new ModuleMachine().Module, 53).Should().Be((ulong)CompletionCode.SysInvalidHandoff << 32);
        TdxModule next = Next(Ready("1.5.25"), new() { PackageOfProcessor = [0, 0] });
        Call(next, 53).Should().Be((ulong)CompletionCode.SysStateIncorrect << 32, "the second one is not initialised");
    }

    [Fact]
    public void a_td_has_nine_control_pages_at_most()
    {
        ModuleMachine machine = Ready("1.5.25");
        machine.Call(9, Tdr, 33).Rax.Should().Be(0);
        machine.Call(1, Tdr + Page, Tdr).Rax.Should().Be((ulong)CompletionCode.TdKeysNotConfigured << 32);
        machine.Call(8, Tdr).Rax.Should().Be(0);
        for (ulong i = 1; i <= 9; i++)
            machine.Call(1, Tdr + (i * Page), Tdr).Rax.Should().Be(0, "page {0}", i);
        machine.Call(1, Tdr + (10 * Page), Tdr).Rax.Should().Be((ulong)CompletionCode.TdcxNumIncorrect << 32);
        machine.Page(Tdr + (9 * Page)).Should().Be(new PamtPage(PageSize.Page4K, PamtPageType.Tdcx, Tdr));
        machine.Page(Tdr + (10 * Page)).Type.Should().Be(PamtPageType.NotUsed);
    }

    private ModuleMachine Ready(string release)
    {
        TdxModuleRelease.TryParse(release, out TdxModuleRelease? found).Should().BeTrue();
        TdmrInfoEntry[] tdmrs = Create();
        ModuleMachine machine = new(new() { Release = found! }, memory: _memory);
        machine.Configure(tdmrs).Should().Be(CompletionStatus.Success);
        machine.Call(31).Rax.Should().Be(0);
        machine.Initialize(tdmrs[2]);
        return machine;
    }

    /// <summary>Shuts a module down and loads the next one, with its first processor initialised.</summary>
    private TdxModule Next(ModuleMachine machine, TdxModuleOptions options)
    {
        machine.Call(52, machine.Module.Options.Release == TdxModuleRelease.V1525 ? 1UL : 0).Rax.Should().Be(0);
        TdxModule next = new(Cmrs, options, _memory, machine.Module.Handoff);
        Call(next, 33).Should().Be(0);
        Call(next, 35).Should().Be(0);
        return next;
    }

    private static ulong Call(TdxModule module, ulong rax, ulong rcx = 0, ulong rdx = 0)
    {
        SeamcallRegisters registers = new() { Rax = rax, Rcx = rcx, Rdx = rdx };
        return module.Call(ref registers).Value;
    }
}
