using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public sealed class SeamcallRecorderTests : IDisposable
{
    private const ulong MiB = SampleTdmrs.MiB;
    private const ulong GiB = SampleTdmrs.GiB;
    private const ulong Tdr = 2 * MiB;

    private static readonly HostMemory Host = HostMemory.Create(
        [new(AddressRange.Create(MiB, 4 * GiB), node: 0)], [AddressRange.Create(0, 4 * GiB)]);

    private static readonly TdxModuleOptions Options = new()
    {
        PackageOfProcessor = [1, 0, 1],
        KeyIdBits = 7,
        FirstPrivateKeyId = 0x41,
        LastPrivateKeyId = 0x7E,
        PhysicalAddressBits = 46,
        SeamRange = AddressRange.Create(8 * GiB, (8 * GiB) + MiB),
    };

    private readonly StringWriter _text = new();

    [Theory]
    [InlineData(LinuxTdxStartKernel.V6_12, 0)]
    [InlineData(LinuxTdxStartKernel.V7_3, 0xA5)]
    public void what_is_recorded_of_a_start_is_replayed_without_a_difference(LinuxTdxStartKernel kernel, byte fill)
    {
        TdxModule module = TdxModule.FromHost(Host, Options, new SparsePhysicalMemory(fill));
        using (SeamcallRecorder recorder = new(module, _text, fill))
        {
            Start(recorder, kernel).IsReady.Should().BeTrue();
            Call(recorder, (ulong)SeamcallLeaf.MngCreate, Tdr, 0x42).Should().Be(0);
            recorder.TakePage(Tdr + (4 * MiB), PageSize.Page2M, PamtPageType.Regular, Tdr)
                .Should().Be(CompletionStatus.Success);
            Call(recorder, (ulong)SeamcallLeaf.PhymemPageRdmd, Tdr + (4 * MiB), r10: 7).Should().Be(0);
            Call(recorder, (ulong)SeamcallLeaf.SysShutdown, 1).Should().Be(0);
            TdxModule next = new([new(0, 4 * GiB)], Options, module.Memory, module.Handoff);
            recorder.Reload(next);
            Call(recorder, (ulong)SeamcallLeaf.SysInit).Should().Be(0);
            for (int processor = 0; processor < 3; processor++)
                Call(recorder, (ulong)SeamcallLeaf.SysLpInit, processor: processor).Should().Be(0);
            Call(recorder, (ulong)SeamcallLeaf.SysUpdate).Should().Be(0);
            next.State.Should().Be(TdxModuleState.Ready);
        }

        SeamcallReplay replay = Replay();
        replay.Differences.Should().BeEmpty();
        replay.Calls.Should().BeGreaterThan(4 * 256);
        _text.ToString().Should().Contain(" x255\n").And.Contain("\nmodule loaded again\n")
            .And.Contain("\nhand-over 600000 level 1 type 3 owner 200000 -> 0\n");
    }

    [Fact]
    public void a_recording_begins_with_the_machine()
    {
        using (SeamcallRecorder recorder = new(TdxModule.FromHost(Host, Options), _text))
            recorder.ToString().Should().Be("recorder of 1.5.25, BeforeInit, 1 CMRs");
        _text.ToString().Should().Be(
            "session 1 module 1.5.25 processors 3 packages 2 key-id-bits 7 first-private-key-id 0x41 "
            + "last-private-key-id 0x7e seamrr 0x200000000 size 0x100000 address-bits 46 memory-filled-with 0x0\n"
            + "package-of-processor 1 0 1\n"
            + "cmr 0 base 0x0 size 0x100000000\n");
    }

    [Fact]
    public void equal_calls_in_a_row_are_one_line_and_writes_are_whole_words()
    {
        using (SeamcallRecorder recorder = new(TdxModule.FromHost(Host), _text))
        {
            for (int i = 0; i < 3; i++)
                Call(recorder, 42);
            recorder.Memory.Write(0x1003, [1, 2]);
            recorder.Memory.Clear(0x1004, 5);
            byte[] read = new byte[2];
            recorder.Memory.Read(0x1003, read);
            read.Should().Equal([1, 0]);
            Call(recorder, 42, r10: 1);
        }

        _text.ToString().Split('\n').Skip(3).Should().Equal(
            "call 2a 0 0 0 0 -> c000050500000000 0 0 0 0 x3",
            "write 0x1000 0x201000000",
            "write 0x1000 0x1000000 0x0",
            "call 2a 0 0 0 0 1 0 0 0 -> c000050500000000 0 0 0 0 1 0 0 0",
            "");
        Replay().Should().Be(new SeamcallReplay(4, 0, []));
    }

    [Theory]
    [InlineData(1, 0, 0, 0)]
    [InlineData(0, 1, 0, 0)]
    [InlineData(0, 0, 1, 0)]
    [InlineData(0, 0, 0, 1)]
    public void each_register_from_r10_on_makes_a_line_long(ulong r10, ulong r11, ulong r12, ulong r13)
    {
        using (SeamcallRecorder recorder = new(TdxModule.FromHost(Host, Options), _text))
        {
            Start(recorder, LinuxTdxStartKernel.V6_12).IsReady.Should().BeTrue();
            SeamcallRegisters registers = new()
            {
                Rax = (ulong)SeamcallLeaf.PhymemPageRdmd,
                Rcx = Tdr,
                R10 = r10,
                R11 = r11,
                R12 = r12,
                R13 = r13,
            };
            recorder.Call(ref registers);
        }

        _text.ToString().Split('\n')[^2].Should().Be(
            $"call 18 200000 0 0 0 {r10} {r11} {r12} {r13} -> 0 0 0 0 0 0 0 {r12} {r13}");
        Replay().Differences.Should().BeEmpty();
    }

    [Fact]
    public void results_in_r10_and_r11_make_a_line_long_too()
    {
        const ulong Region = 16 * MiB;
        using (SeamcallRecorder recorder = new(TdxModule.FromHost(Host, Options), _text))
        {
            Start(recorder, LinuxTdxStartKernel.V7_3, dynamic: true).IsReady.Should().BeTrue();
            SeamcallRegisters add = new()
            {
                Rax = (ulong)SeamcallLeaf.PhymemPamtAdd,
                Rcx = Region | 1,
                Rdx = 4 * MiB,
                R8 = 8 * MiB,
            };
            recorder.Call(ref add).Should().Be(CompletionStatus.Success);
            Call(recorder, (ulong)SeamcallLeaf.PhymemPageRdmd, Region | 1).Should().Be(0);
        }

        _text.ToString().Split('\n')[^3..].Should().Equal(
            "call 3a 1000001 400000 800000 0 -> 0 1000001 400000 800000 0",
            "call 18 1000001 0 0 0 0 0 0 0 -> 0 800000000000000f 0 1 0 400000 800000 0 0",
            "");
        Replay().Differences.Should().BeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1, 1)]
    [InlineData(39, 39)]
    [InlineData(40, 40)]
    [InlineData(41, 40, 1)]
    [InlineData(80, 40, 40)]
    [InlineData(81, 40, 40, 1)]
    public void a_write_is_recorded_40_words_to_a_line(int words, params int[] lines)
    {
        using (SeamcallRecorder recorder = new(TdxModule.FromHost(Host), _text))
            recorder.Memory.Write(0x1000, [.. Enumerable.Repeat((byte)0x17, 8 * words)]);
        _text.ToString().Split('\n').Skip(3).Should().Equal(
        [
            .. lines.Select(static (count, i) =>
                $"write 0x{0x1000 + (320 * i):x}" + string.Concat(Enumerable.Repeat(" 0x1717171717171717", count))),
            "",
        ]);
        Replay().Calls.Should().Be(0);
    }

    [Fact]
    public void a_call_repeated_without_end_is_recorded_in_lines_that_can_be_replayed()
    {
        const int Times = (1 << 20) + 2;
        using (SeamcallRecorder recorder = new(TdxModule.FromHost(Host, Options), _text))
        {
            for (int i = 0; i < Times; i++)
                Call(recorder, (ulong)SeamcallLeaf.SysLpShutdown);
        }

        _text.ToString().Should().Contain(" x1048576\n").And.Contain(" x2\n");
        Replay().Should().Be(new SeamcallReplay(Times, 0, []));
    }

    [Fact]
    public void a_module_that_was_called_before_is_not_recorded()
    {
        TdxModule module = TdxModule.FromHost(Host);
        SeamcallRegisters registers = new() { Rax = 33 };
        module.Call(ref registers);
        FluentActions.Invoking(() => new SeamcallRecorder(module, _text)).Should().Throw<ArgumentException>()
            .WithMessage("a module must be just loaded, and this one is Initialized*");
        FluentActions.Invoking(() => new SeamcallRecorder(null!, _text)).Should().Throw<ArgumentNullException>();
        FluentActions.Invoking(() => new SeamcallRecorder(new TdxModule([]), null!))
            .Should().Throw<ArgumentNullException>();
    }

    public void Dispose() => _text.Dispose();

    private static LinuxTdxStartResult Start(
        SeamcallRecorder recorder, LinuxTdxStartKernel kernel, bool dynamic = false)
    {
        TdmrConstructor constructor = new(new LinuxPageAllocator(Host), module: new() { DynamicPamt = dynamic });
        using TdmrConstruction construction = constructor.Construct(Host);
        return LinuxTdxStart.Run(
            (ref SeamcallRegisters registers, int processor) =>
            {
                recorder.Call(ref registers, processor);
                return true;
            },
            recorder.Memory,
            construction.Tdmrs.Span,
            new()
            {
                Kernel = kernel,
                PackageOfProcessor = Options.PackageOfProcessor,
                GlobalKeyId = 0x41,
                UseDynamicPamt = dynamic,
            });
    }

    private static ulong Call(
        SeamcallRecorder recorder, ulong leaf, ulong rcx = 0, ulong rdx = 0, ulong r10 = 0, int processor = 0)
    {
        SeamcallRegisters registers = new() { Rax = leaf, Rcx = rcx, Rdx = rdx, R10 = r10 };
        recorder.Call(ref registers, processor);
        return registers.Rax;
    }

    private SeamcallReplay Replay() => SeamcallTranscript.Replay(new StringReader(_text.ToString()));
}
