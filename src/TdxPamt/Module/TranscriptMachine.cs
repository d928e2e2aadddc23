using System.Buffers.Binary;
using System.Globalization;

namespace TdxPamt.Module;

/// <summary>The machine that a session of a transcript runs on.</summary>
internal sealed class TranscriptMachine
{
    private const int HashBlock = 4096;
    private const ulong MaxHashed = 1UL << 30;

    /// <summary>The transcripts' own start: FNV-1a but for its usual one, 14695981039346656037.</summary>
    private const ulong HashStart = 1469598103934665603;

    private readonly List<CmrInfo> _cmrs = [];
    private readonly bool _startsInitialized;
    private readonly SparsePhysicalMemory _memory;
    private TdxModuleOptions _options;
    private TdxModule? _module;
    private int _processor;

    /// <summary>session N module V processors C packages P key-id-bits B ...</summary>
    internal TranscriptMachine(string[] words)
    {
        string Value(string name) => Array.IndexOf(words, name) is >= 0 and int position
            ? words[position + 1]
            : throw new FormatException($"the session has no {name}");
        bool Has(string name) => Array.IndexOf(words, name) >= 0;

        if (!TdxModuleRelease.TryParse(Value("module"), out TdxModuleRelease? release))
            throw new FormatException($"there is no module {Value("module")}");
        int packages = Decimal(Value("packages"));
        _startsInitialized = !Has("processors");
        int processors = _startsInitialized ? packages : Decimal(Value("processors"));
        if (processors > TdxModuleOptions.MaxProcessors)
            throw new FormatException($"there can be {TdxModuleOptions.MaxProcessors} processors at most");
        _options = new()
        {
            Release = release,
            PackageOfProcessor = [.. Enumerable.Range(0, processors).Select(i => Math.Min(i, packages - 1))],
            KeyIdBits = Decimal(Value("key-id-bits")),
            FirstPrivateKeyId = (int)Hex(Value("first-private-key-id")),
        };
        if (Has("last-private-key-id"))
            _options = _options with { LastPrivateKeyId = (int)Hex(Value("last-private-key-id")) };
        if (Has("seamrr") && Hex(Value("size")) > 0)
        {
            ulong start = Hex(Value("seamrr"));
            _options = _options with { SeamRange = AddressRange.Create(start, start + Hex(Value("size"))) };
        }

        if (Has("address-bits"))
            _options = _options with { PhysicalAddressBits = Decimal(Value("address-bits")) };
        _memory = new((byte)Hex(Value("memory-filled-with")));
    }

    private TdxModule Module => _module ??= Load(null);

    internal static ulong Hex(string text) => ulong.Parse(
        text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text,
        NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture);

    internal void SetUp(string[] words)
    {
        switch (words[0])
        {
            case "package-of-processor" when _module is null:
                _options = _options with { PackageOfProcessor = [.. words.Skip(1).Select(Decimal)] };
                break;
            case "cmr" when _module is null:
                _cmrs.Add(new(Hex(words[3]), Hex(words[5])));
                break;
            case "processor" or "package":
                _processor = Decimal(words[1]);
                break;
            case "write":
                Write(Hex(words[1]), words.AsSpan(2));
                break;
            case "module":
                _module = Load(Module.Handoff);
                break;
            default:
                throw new FormatException("it begins no line of a transcript, or stands too late");
        }
    }

    internal ulong[] Call(ulong[] before)
    {
        SeamcallRegisters registers = new()
        {
            Rax = before[0],
            Rcx = before[1],
            Rdx = before[2],
            R8 = before[3],
            R9 = before[4],
            R10 = before.ElementAtOrDefault(5),
            R11 = before.ElementAtOrDefault(6),
            R12 = before.ElementAtOrDefault(7),
            R13 = before.ElementAtOrDefault(8),
        };
        Module.Call(ref registers, _processor);
        return
        [
            registers.Rax, registers.Rcx, registers.Rdx, registers.R8, registers.R9,
            registers.R10, registers.R11, registers.R12, registers.R13,
        ];
    }

    internal string HandOver(string[] words) => $"{Module.TakePage(
        Hex(words[1]), (PageSize)Decimal(words[3]), (PamtPageType)Decimal(words[5]), Hex(words[7])).Value:x}";

    /// <summary>The line as the machine is now.</summary>
    internal string Say(string[] words)
    {
        if (words[0] == "state")
        {
            return "state " + Module.State switch
            {
                TdxModuleState.BeforeInit => "before-init",
                TdxModuleState.Initialized => "before-config",
                TdxModuleState.Configured => "configured",
                TdxModuleState.Ready => "ready",
                _ => "shut-down",
            };
        }

        ulong address = Hex(words[1]);
        if (words[2] == "is")
        {
            byte[] bytes = new byte[words[3].Length / 2];
            _memory.Read(address, bytes);
            return $"memory {words[1]} is {string.Concat(bytes.Select(static item => $"{item:x2}"))}";
        }

        ulong length = Hex(words[3]);
        return length <= MaxHashed
            ? $"memory {words[1]} length {words[3]} has fnv1a64 {Hash(address, length):x}"
            : throw new FormatException($"memory is looked at up to 0x{MaxHashed:x} bytes");
    }

    private static int Decimal(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private TdxModule Load(TdxModuleHandoff? handoff)
    {
        TdxModule module = new([.. _cmrs], _options, _memory, handoff);
        if (!_startsInitialized)
            return module;
        SeamcallRegisters registers = new() { Rax = (ulong)SeamcallLeaf.SysInit };
        module.Call(ref registers);
        for (int i = 0; i < _options.PackageOfProcessor.Count; i++)
        {
            registers = new() { Rax = (ulong)SeamcallLeaf.SysLpInit };
            module.Call(ref registers, i);
        }

        return module;
    }

    private void Write(ulong address, ReadOnlySpan<string> words)
    {
        byte[] bytes = new byte[8 * words.Length];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 * i), Hex(words[i]));
        _memory.Write(address, bytes);
    }

    private ulong Hash(ulong address, ulong length)
    {
        ulong hash = HashStart;
        Span<byte> block = stackalloc byte[HashBlock];
        for (ulong done = 0; done < length; done += HashBlock)
        {
            Span<byte> read = block[..(int)Math.Min(HashBlock, length - done)];
            _memory.Read(address + done, read);
            foreach (byte item in read)
                hash = unchecked((hash ^ item) * 0x100000001B3);
        }

        return hash;
    }
}
