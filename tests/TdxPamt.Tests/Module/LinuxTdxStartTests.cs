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

    [Theory]
    [InlineData(LinuxTdxStartKernel.V6_12, "boot-linux-6.12.txt")]
    [InlineData(LinuxTdxStartKernel.V7_3, "boot-linux-7.3.txt")]
    public void the_kernel_reads_the_fields_that_the_real_one_reads(LinuxTdxStartKernel kernel, string file)
    {
        string[] recorded = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "golden", file))
            .SkipWhile(static line => !line.Contains(" module 1.5.25 ", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(static line => !line.StartsWith("session", StringComparison.Ordinal))
            .Where(static line => line.StartsWith("call 22 ", StringComparison.Ordinal))
            .Select(static line => line.Split(' ')[3])];
        recorded.Should().NotBeEmpty();
        Script script = new();
        Start(script, new() { Kernel = kernel }).IsReady.Should().BeTrue();
        script.Calls.Where(static call => call.Leaf == SeamcallLeaf.SysRd)
            .Select(static call => $"{call.Registers.Rdx:x}").Should().Equal(recorded);
    }

    [Theory]
    [InlineData(LinuxTdxStartKernel.V6_12)]
    [InlineData(LinuxTdxStartKernel.V7_3)]
    public void the_kernel_stops_at_the_first_call_that_fails(LinuxTdxStartKernel kernel)
    {
        Script all = new();
        LinuxTdxStartOptions options = new() { Kernel = kernel, PackageOfProcessor = [0, 1, 0] };
        Start(all, options).IsReady.Should().BeTrue();
        for (int i = 0; i < all.Calls.Count; i++)
        {
            Script failing = new() { FailsAt = i };
            LinuxTdxStartResult result = Start(failing, options);
            SeamcallLeaf leaf = all.Calls[i].Leaf;
            failing.Calls.Should().Equal(all.Calls.Take(i + 1));
            result.Failure.Should().Be(new LinuxTdxStartFailure(
                $"{leaf} answers TDX_SYS_BUSY 0x8000020200000000", Errno.EIO, leaf, new(Script.Busy)));
            result.Failure!.ToString().Should().Be(result.Failure.Message);
            result.ToString().Should().Be(result.Log[^1]).And.EndWith(" initialization failed (-5)");
        }
    }

    [Fact]
    public void each_processor_is_initialised_and_the_first_of_each_package_keys_it()
    {
        Script script = new();
        Start(script, new()
        {
            PackageOfProcessor = [0, 2, 0, 2, 1],
            GlobalKeyId = 33,
            UseDynamicPamt = true,
            TdmrInfosAddress = 0x20000,
        });
        ProcessorsOf(SeamcallLeaf.SysInit).Should().Equal(0);
        ProcessorsOf(SeamcallLeaf.SysLpInit).Should().Equal(0, 1, 2, 3, 4);
        ProcessorsOf(SeamcallLeaf.SysKeyConfig).Should().Equal(0, 1, 4);
        script.Calls.Single(static call => call.Leaf == SeamcallLeaf.SysConfig).Registers.Should().Be(
            new SeamcallRegisters { Rax = 45, Rcx = 0x20000, Rdx = 1, R8 = 0x10021 });

        IEnumerable<int> ProcessorsOf(SeamcallLeaf leaf) =>
            script.Calls.Where(call => call.Leaf == leaf).Select(static call => call.Processor);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void there_is_room_for_128_cpuid_configs(ulong configs, bool isReady)
    {
        Script script = new() { CpuidConfigs = configs };
        LinuxTdxStartResult result = Start(script, new());
        result.IsReady.Should().Be(isReady);
        int read = isReady ? (int)configs : 0;
        script.CountReads(0x99000003000004).Should().Be(read);
        script.CountReads(0x99000003000005).Should().Be(2 * read);
        if (!isReady)
        {
            result.Failure.Should().Be(
                new LinuxTdxStartFailure("too many CPUID_CONFIGs", Errno.EINVAL, Leaf: null, default));
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(4097, true)]
    [InlineData(4098, false)]
    public void a_tdmr_may_take_a_call_for_each_mib_and_one_more(int calls, bool isReady)
    {
        Script script = new() { CallsPerTdmr = calls };
        LinuxTdxStartResult result = Start(script, new());
        result.IsReady.Should().Be(isReady, "the TDMR has 4096 MiB");
        script.Calls.Count(static call => call.Leaf == SeamcallLeaf.SysTdmrInit).Should().Be(Math.Min(calls, 4097));
        if (!isReady)
        {
            result.Failure!.Message.Should().EndWith(": TDH.SYS.TDMR.INIT makes no progress at 0x0");
            result.Failure.Errno.Should().Be(Errno.EIO);
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void there_are_1_to_64_tdmrs(int count, bool isLegal)
    {
        TdmrInfo[] tdmrs = [.. Enumerable.Repeat(SampleTdmrs.WithReservedAreas(3), count)];
        Action start = () => LinuxTdxStart.Run(new Script().Call, _memory, tdmrs);
        if (isLegal)
            start.Should().NotThrow();
        else
            start.Should().Throw<ArgumentException>()
                .WithMessage($"there must be 1 to 64 TDMRs, and there are {count}");
    }

    [Fact]
    public void a_start_needs_a_module_and_memory()
    {
        FluentActions.Invoking(() => LinuxTdxStart.Run(null!, _memory, [])).Should().Throw<ArgumentNullException>()
            .WithParameterName("seamcall");
        FluentActions.Invoking(() => LinuxTdxStart.Run(new Script().Call, null!, []))
            .Should().Throw<ArgumentNullException>().WithParameterName("memory");
        FluentActions.Invoking(() => LinuxTdxStart.Run(null!, [], default)).Should().Throw<ArgumentNullException>()
            .WithParameterName("module");
        new LinuxTdxStartResult([], Failure: null).ToString().Should().BeEmpty();
    }

    [Fact]
    public void options_are_held_to_their_intervals()
    {
        foreach (Func<LinuxTdxStartOptions> illegal in (Func<LinuxTdxStartOptions>[])[
            () => new() { PackageOfProcessor = [] },
            () => new() { PackageOfProcessor = [0, 8] },
            () => new() { PackageOfProcessor = [-1] }])
        {
            illegal.Should().Throw<ArgumentException>()
                .WithMessage("there must be a processor, and packages must be from 0 to 7");
        }

        foreach (int keyId in (int[])[0, 65536])
        {
            FluentActions.Invoking(() => new LinuxTdxStartOptions { GlobalKeyId = keyId })
                .Should().Throw<ArgumentOutOfRangeException>().WithMessage("GlobalKeyId must be from 1 to 65535*");
        }

        foreach (ulong address in (ulong[])[256, 511, 513, 1UL << 52, (1UL << 52) + 512])
        {
            FluentActions.Invoking(() => new LinuxTdxStartOptions { TdmrInfosAddress = address })
                .Should().Throw<ArgumentException>()
                .WithMessage("an address must be a multiple of 512 below 2^52*").WithParameterName("TdmrInfosAddress");
        }

        foreach ((int package, int keyId, ulong address) in
            ((int, int, ulong)[])[(0, 1, 0), (7, 65535, (1UL << 52) - 512)])
        {
            LinuxTdxStartOptions options = new()
            {
                PackageOfProcessor = [package],
                GlobalKeyId = keyId,
                TdmrInfosAddress = address,
            };
            (options.PackageOfProcessor[0], options.GlobalKeyId, options.TdmrInfosAddress)
                .Should().Be((package, keyId, address));
        }
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

    private LinuxTdxStartResult Start(Script script, LinuxTdxStartOptions options)
    {
        using TdmrConstruction construction = Construct();
        return LinuxTdxStart.Run(script.Call, _memory, construction.Tdmrs.Span, options);
    }

    /// <summary>A module that only counts: its calls succeed, but for one.</summary>
    private sealed class Script
    {
        internal const ulong Busy = 0x8000020200000000;

        internal List<(SeamcallLeaf Leaf, SeamcallRegisters Registers, int Processor)> Calls { get; } = [];

        internal int? FailsAt { get; init; }

        internal ulong CpuidConfigs { get; init; } = 28;

        internal int CallsPerTdmr { get; init; } = 1;

        private int CallsOfTdmr { get; set; }

        internal int CountReads(ulong idsFrom) => Calls.Count(call =>
            call.Leaf == SeamcallLeaf.SysRd && call.Registers.Rdx >> 8 == idsFrom);

        internal bool Call(ref SeamcallRegisters registers, int processor)
        {
            SeamcallLeaf leaf = (SeamcallLeaf)registers.Rax;
            Calls.Add((leaf, registers, processor));
            registers.Rax = Calls.Count - 1 == FailsAt ? Busy : 0;
            if (leaf == SeamcallLeaf.SysRd)
            {
                registers.R8 = registers.Rdx switch
                {
                    0x0A00000300000008 => 1UL << 18,
                    0x9900000100000004 => CpuidConfigs,
                    _ => 0,
                };
            }
            else if (leaf == SeamcallLeaf.SysTdmrInit)
            {
                CallsOfTdmr = (CallsOfTdmr + 1) % CallsPerTdmr;
                registers.Rdx = CallsOfTdmr == 0 ? 1UL << 52 : registers.Rcx;
            }

            return true;
        }
    }
}
