using System.Text;

namespace TdxPamt.Hosts;

/// <summary>Keeps the lines that tell how far TDX's start came: one of each kind, the last.</summary>
internal sealed class KeptLines
{
    private const int MaxLine = 200;

    /// <summary>The first kind that a boot prints; another boot forgets it and all kinds after it.</summary>
    private const StartLine FirstOfBoot = StartLine.NotEnabled;

    private readonly Dictionary<StartLine, string> _lines = [];

    /// <summary>A copy of what is kept.</summary>
    internal IReadOnlyDictionary<StartLine, string> ToDictionary() => new Dictionary<StartLine, string>(_lines);

    /// <summary>Forgets what an earlier boot printed.</summary>
    internal void StartBoot()
    {
        for (StartLine kind = FirstOfBoot; kind <= StartLine.Outcome; kind++)
            _lines.Remove(kind);
    }

    /// <summary>Keeps a line without what stands before the kernel's words, such as its time stamp.</summary>
    internal void Keep(StartLine kind, ReadOnlySpan<byte> line)
    {
        int start = line.IndexOf("Linux version"u8);
        if (start < 0)
            start = line.IndexOf("virt/tdx: "u8);
        if (start < 0)
            start = line.IndexOf("tdx: "u8);
        ReadOnlySpan<byte> text = LogText.Trim(line[Math.Max(0, start)..]);
        _lines[kind] = PrintableText.Create(Encoding.UTF8.GetString(text), MaxLine);
    }

    /// <summary>Keeps a line if it is of a kind that nothing else of the host follows from.</summary>
    internal void See(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("tdx"u8) < 0 && line.IndexOf("TDX"u8) < 0)
            return;
        for (int i = 0; WordsOf(i, out StartLine kind) is { IsEmpty: false } words; i++)
        {
            if (line.IndexOf(words) < 0)
                continue;
            Keep(kind, line);
            return;
        }
    }

    private static ReadOnlySpan<byte> WordsOf(int index, out StartLine kind)
    {
        kind = index switch
        {
            0 => StartLine.KeyIds,
            1 => StartLine.FewKeyIds,
            2 or 3 => StartLine.NotEnabled,
            4 => StartLine.HibernationStops,
            5 or 6 or 7 => StartLine.NoFeature,
            8 => StartLine.NotLoaded,
            9 => StartLine.Rbp,
            10 or 11 => StartLine.Option,
            12 or 13 => StartLine.Hibernation,
            _ => StartLine.Processor,
        };
        return index switch
        {
            0 => "private KeyID range"u8,
            1 => "too few private KeyIDs"u8,
            2 => "not enabled by BIOS"u8,
            3 => "TDX not supported by the host platform"u8,
            4 => "ibernation support is enabled"u8,
            5 => "XSAVE is required"u8,
            6 => "MOVDIR64B is required"u8,
            7 => "elf-snoop is required"u8,
            8 => "module not loaded"u8,
            9 => "clobber bug present"u8,
            10 => "kvm_intel/parameters/tdx: "u8,
            11 => "tdxpamt: option: kvm_intel.tdx="u8,
            12 => "tdxpamt: option: nohibernate"u8,
            13 => "tdxpamt: hibernation: "u8,
            14 => "tdxpamt: processor: "u8,
            _ => default,
        };
    }
}
