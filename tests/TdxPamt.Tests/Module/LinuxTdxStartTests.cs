using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public class LinuxTdxStartTests
{
    private const ulong GiB = SampleTdmrs.GiB;

    private static readonly HostMemory Host = HostMemory.Create(
        [new(AddressRange.Create(SampleTdmrs.MiB, 4 * GiB), node: 0)],
        [AddressRange.Create(SampleTdmrs.MiB, 4 * GiB)]);

    private readonly SparsePhysicalMemory _memory = new();

    public static TheoryData<LinuxTdxStartKernel, string> KernelsAndReleases => new()
    {
        { LinuxTdxStartKernel.V6_12, "1.5.16" },
        { LinuxTdxStartKernel.V6_12, "1.5.25" },
        { LinuxTdxStartKernel.V7_3, "1.5.16" },
        { LinuxTdxStartKernel.V7_3, "1.5.25" },
    };

    [Theory]
    [MemberData(nameof(KernelsAndReleases))]
    public void a_kernel_starts_a_module_on_a_constructed_host(LinuxTdxStartKernel kernel, string name)
    {
        TdxModuleRelease.TryParse(name, out TdxModuleRelease? release).Should().BeTrue();
        TdxModule module = Load(new() { Release = release!, PackageOfProcessor = [0, 0, 1] });
        LinuxTdxStartResult result = Start(module, new() { Kernel = kernel, PackageOfProcessor = [0, 0, 1] });
        result.Failure.Should().BeNull();
        result.IsReady.Should().BeTrue();
        module.State.Should().Be(TdxModuleState.Ready);
        module.TryGetPage((4 * GiB) - 1, out _).Should().BeTrue();
        result.Log.Should().Equal(kernel == LinuxTdxStartKernel.V6_12
            ? ["module initialized"]
            : [$"Module version: {name}", "TDX-Module initialized"]);
    }

    [Fact]
    public void without_a_module_the_kernel_says_so()
    {
        using TdmrConstruction construction = Construct();
        LinuxTdxStartResult result = LinuxTdxStart.Run(
            static (ref SeamcallRegisters _, int _) => false, _memory, construction.Tdmrs.Span);
        result.Log.Should().Equal("module not loaded");
        result.Failure.Should().Be(
            new LinuxTdxStartFailure("module not loaded", Errno.ENODEV, SeamcallLeaf.SysInit, default));
    }

    [Fact]
    public void a_module_that_changes_rbp_is_refused_by_the_later_kernel_alone()
    {
        TdxModuleOptions options = new() { TdxFeatures0 = TdxModuleRelease.V1525.TdxFeatures0 & ~(1UL << 18) };
        LinuxTdxStartResult result = Start(Load(options), new());
        result.Log.Should().Equal(
            "Module version: 1.5.25",
            "frame pointer (RBP) clobber bug present, upgrade TDX module",
            "TDX-Module initialization failed (-22)");
        result.Failure!.Leaf.Should().BeNull();
        Start(Load(options), new() { Kernel = LinuxTdxStartKernel.V6_12 }).IsReady.Should().BeTrue();
    }

    [Fact]
    public void what_sys_config_refuses_is_logged_with_its_registers()
    {
        LinuxTdxStartResult result = Start(Load(new()), new() { Kernel = LinuxTdxStartKernel.V6_12, GlobalKeyId = 31 });
        result.Failure!.Errno.Should().Be(Errno.EIO);
        result.Failure.Leaf.Should().Be(SeamcallLeaf.SysConfig);
        result.Failure.Status.Value.Should().Be(0xC000010000000008);
        result.Log.Should().Equal(
            "SEAMCALL (0x000000000000002d) failed: 0xc000010000000008",
            "RCX 0x0000000000010000 RDX 0x0000000000000001 R08 0x000000000000001f",
            "R09 0x0000000000000000 R10 0x0000000000000000 R11 0x0000000000000000",
            "module initialization failed (-5)");
    }

    private static TdmrConstruction Construct() => new TdmrConstructor(new LinuxPageAllocator(Host)).Construct(Host);

    private TdxModule Load(TdxModuleOptions options) => TdxModule.FromHost(Host, options, _memory);

    private LinuxTdxStartResult Start(TdxModule module, LinuxTdxStartOptions options)
    {
        using TdmrConstruction construction = Construct();
        return LinuxTdxStart.Run(Seamcall, _memory, construction.Tdmrs.Span, options);

        bool Seamcall(ref SeamcallRegisters registers, int processor)
        {
            module.Call(ref registers, processor);
            return true;
        }
    }
}
