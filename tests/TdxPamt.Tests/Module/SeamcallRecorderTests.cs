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

    private static LinuxTdxStartResult Start(SeamcallRecorder recorder, LinuxTdxStartKernel kernel)
    {
        using TdmrConstruction construction = new TdmrConstructor(new LinuxPageAllocator(Host)).Construct(Host);
        return LinuxTdxStart.Run(
            (ref SeamcallRegisters registers, int processor) =>
            {
                recorder.Call(ref registers, processor);
                return true;
            },
            recorder.Memory,
            construction.Tdmrs.Span,
            new() { Kernel = kernel, PackageOfProcessor = Options.PackageOfProcessor, GlobalKeyId = 0x41 });
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
