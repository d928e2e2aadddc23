using System.Buffers.Binary;
using System.Text;

namespace TdxPamt.Module;

/// <summary>Writes a transcript of a module in use, as <see cref="SeamcallTranscript"/> reads
/// it (docs/module.md#transcripts).</summary>
/// <remarks>
/// <para>It stands between a host and a module: the host calls <see cref="Call"/> and <see cref="TakePage"/>, and
/// writes its memory through <see cref="Memory"/>. A replay then gets the same machine: its CMRs, processors and key
/// ids, and memory filled with one byte. Values of metadata fields and the build that the options hold are not
/// written down.</para>
/// <para>Not safe for many threads, and nobody else may call the module meanwhile.</para>
/// </remarks>
public sealed class SeamcallRecorder : IDisposable
{
    private readonly TextWriter _writer;
    private TdxModule _module;
    private int _processor;
    private string? _call;
    private int _times;

    /// <summary>Starts a session.</summary>
    /// <param name="module">A module that was just loaded.</param>
    /// <param name="writer">Where the lines go; it stays open.</param>
    /// <param name="fill">What every byte of the module's memory holds.</param>
    /// <exception cref="ArgumentNullException">The module or the writer is null.</exception>
    /// <exception cref="ArgumentException">The module was called before.</exception>
    public SeamcallRecorder(TdxModule module, TextWriter writer, byte fill = 0)
    {
        _module = Preconditions.NotNull(module, nameof(module));
        _writer = Preconditions.NotNull(writer, nameof(writer));
        if (module.State != TdxModuleState.BeforeInit)
            throw new ArgumentException($"a module must be just loaded, and this one is {module.State}");
        Memory = new RecordedMemory(this);
        WriteSession(module.Options, fill);
        for (int i = 0; i < module.Cmrs.Length; i++)
        {
            if (module.Cmrs[i].Size != 0)
                Line($"cmr {i} base 0x{module.Cmrs[i].Base:x} size 0x{module.Cmrs[i].Size:x}");
        }
    }

    /// <summary>The machine's memory as the host writes it; what the module itself writes is not recorded.</summary>
    public IPhysicalMemory Memory { get; }

    /// <summary>Makes a call and records it.</summary>
    /// <param name="registers">The registers.</param>
    /// <param name="processor">Which processor makes the call, from 0.</param>
    /// <returns>The status.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such processor.</exception>
    public CompletionStatus Call(ref SeamcallRegisters registers, int processor = 0)
    {
        SeamcallRegisters before = registers;
        CompletionStatus status = _module.Call(ref registers, processor);
        if (processor != _processor)
            Line($"processor {processor}");
        _processor = processor;
        bool isLong = (before.R10 | before.R11 | before.R12 | before.R13
            | registers.R10 | registers.R11 | registers.R12 | registers.R13) != 0;
        string call = $"call {Words(before, isLong)} -> {Words(registers, isLong)}";
        if (call == _call && _times < TranscriptRun.MaxTimes)
        {
            _times++;
            return status;
        }

        Flush();
        (_call, _times) = (call, 1);
        return status;
    }

    /// <summary>Takes a page and records it, with operand R8: <see cref="TdxModule.TakePage"/>.</summary>
    /// <param name="address">The page's address, in bytes.</param>
    /// <param name="level">Its size: 4K or 2M.</param>
    /// <param name="type">What it becomes.</param>
    /// <param name="tdr">The address of the TD's TDR page, in bytes.</param>
    /// <returns>The status.</returns>
    /// <exception cref="ArgumentException">The level, the type or the TDR's address is not legal.</exception>
    public CompletionStatus TakePage(ulong address, PageSize level, PamtPageType type, ulong tdr)
    {
        CompletionStatus status = _module.TakePage(address, level, type, tdr);
        Line($"hand-over {address:x} level {(int)level} type {(int)type} owner {tdr:x} -> {status.Value:x}");
        return status;
    }

    /// <summary>Goes on with the next module after a shut-down: of the same options, on the same memory.</summary>
    /// <param name="module">The module, just loaded.</param>
    /// <exception cref="ArgumentNullException"><paramref name="module"/> is null.</exception>
    public void Reload(TdxModule module)
    {
        _module = Preconditions.NotNull(module, nameof(module));
        Line("module loaded again");
    }

    /// <summary>Writes the last line. The writer stays open.</summary>
    public void Dispose() => Flush();

    /// <summary>The module whose calls it records.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"recorder of {_module}";

    private static string Words(in SeamcallRegisters r, bool isLong) => isLong
        ? $"{r.Rax:x} {r.Rcx:x} {r.Rdx:x} {r.R8:x} {r.R9:x} {r.R10:x} {r.R11:x} {r.R12:x} {r.R13:x}"
        : $"{r.Rax:x} {r.Rcx:x} {r.Rdx:x} {r.R8:x} {r.R9:x}";

    private void WriteSession(TdxModuleOptions options, byte fill)
    {
        Line($"session 1 module {options.Release} processors {options.PackageOfProcessor.Count} "
            + $"packages {options.Packages} key-id-bits {options.KeyIdBits} "
            + $"first-private-key-id 0x{options.FirstPrivate:x} last-private-key-id 0x{options.LastPrivate:x} "
            + $"seamrr 0x{options.SeamRange.Start:x} size 0x{options.SeamRange.Size:x} "
            + $"address-bits {options.PhysicalAddressBits} memory-filled-with 0x{fill:x}");
        Line($"package-of-processor {string.Join(' ', options.PackageOfProcessor)}");
    }

    private void Line(string line)
    {
        Flush();
        _writer.Write(line);
        _writer.Write('\n');
    }

    private void Flush()
    {
        if (_call is null)
            return;
        _writer.Write(_times == 1 ? $"{_call}\n" : $"{_call} x{_times}\n");
        _call = null;
    }

    /// <summary>Records writes as whole words of 8 bytes.</summary>
    private sealed class RecordedMemory(SeamcallRecorder recorder) : IPhysicalMemory
    {
        private const int WordsOfLine = 40;
        private const int WordBytes = 8;

        private IPhysicalMemory Inner => recorder._module.Memory;

        public void Read(ulong address, Span<byte> destination) => Inner.Read(address, destination);

        public void Write(ulong address, ReadOnlySpan<byte> source)
        {
            Inner.Write(address, source);
            Record(address, (ulong)source.Length);
        }

        public void Clear(ulong address, ulong length)
        {
            Inner.Clear(address, length);
            Record(address, length);
        }

        private void Record(ulong address, ulong length)
        {
            ulong end = address + length;
            Span<byte> word = stackalloc byte[WordBytes];
            StringBuilder line = new();
            int words = 0;
            for (ulong at = address & ~(ulong)(WordBytes - 1); at < end; at += WordBytes)
            {
                if (words % WordsOfLine == 0)
                    line.Append($"write 0x{at:x}");
                Inner.Read(at, word);
                line.Append($" 0x{BinaryPrimitives.ReadUInt64LittleEndian(word):x}");
                if (++words % WordsOfLine != 0 && at + WordBytes < end)
                    continue;
                recorder.Line(line.ToString());
                line.Clear();
            }
        }
    }
}
