using System.Globalization;
using System.Text;
using TdxPamt.Simulation;

namespace TdxPamt.Hosts;

/// <summary>What <c>/proc/pagetypeinfo</c> says: how many page blocks of each zone hold unmovable pages.</summary>
/// <remarks>
/// <para>It is read from the section "Number of blocks type", whose columns vary between kernels; a block counts as
/// unmovable where that section says so. Blocks of zone Movable count for zone Normal, whose addresses they have; zone
/// Device is no RAM. Lines may be quoted or indented; of several dumps the last one counts.</para>
/// <para>Immutable and equal by value; safe for many threads.</para>
/// </remarks>
public sealed record PageTypeInfo
{
    /// <summary>The kernel counts blocks in holes too, up to the ends of its memory sections of 128 MiB.</summary>
    private const ulong SectionBytes = 128UL << 20;

    /// <summary>More columns than the kernel has types of pages.</summary>
    private const int MaxColumns = 64;

    private const string Header = "Number of blocks type";
    private const string PagesPerBlock = "Pages per block:";
    private const ulong ExpectedPagesPerBlock = Fragmentation.PageBlockBytes / AddressRange.PageBytes;

    private PageTypeInfo(ValueList<ZoneShare> zones, bool hasSeveralDumps)
    {
        Zones = zones;
        HasSeveralDumps = hasSeveralDumps;
    }

    /// <summary>Each node's zones, in ascending order of nodes, then of zones.</summary>
    public ValueList<ZoneShare> Zones { get; }

    /// <summary>Whether the text held more dumps before the one that counts.</summary>
    public bool HasSeveralDumps { get; }

    /// <summary>The fraction of all page blocks that is unmovable, 0 to 1.</summary>
    public double Unmovable
    {
        get
        {
            long blocks = Zones.Sum(static zone => zone.PageBlocks);
            return blocks == 0 ? 0 : (double)Zones.Sum(static zone => zone.UnmovablePageBlocks) / blocks;
        }
    }

    /// <summary>Reads the shares of unmovable blocks.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">The file's name, for messages.</param>
    /// <returns>The shares.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="HostFormatException">It is not such a file; the message says where.</exception>
    public static PageTypeInfo Parse(string text, string fileName = "pagetypeinfo")
    {
        Preconditions.NotNull(text, nameof(text));
        Preconditions.NotNull(fileName, nameof(fileName));
        string[] lines = [.. text.Split('\n').Select(Unquote)];
        int header = Array.FindLastIndex(lines, IsHeader);
        if (header < 0)
            throw Error(fileName, lines.Length, $"there is no section \"{Header}\"");
        CheckPagesPerBlock(lines.AsSpan(0, header), fileName);
        string[] columns = Words(lines[header][Header.Length..]);
        if (columns.Length > MaxColumns)
            throw Error(fileName, header + 1, $"it has more than {MaxColumns} columns");
        int unmovable = Array.IndexOf(columns, "Unmovable");
        if (unmovable < 0)
            throw Error(fileName, header + 1, "there is no column \"Unmovable\"");

        SortedDictionary<(int Node, MemoryZone Zone), (long Unmovable, long Blocks)> zones = [];
        HashSet<(int, string)> seen = [];
        int i = header + 1;
        for (; i < lines.Length && lines[i].StartsWith("Node", StringComparison.Ordinal); i++)
        {
            (int node, string name, long[] counts) = ParseLine(lines[i], columns.Length, fileName, i + 1);
            if (!seen.Add((node, name)))
                throw Error(fileName, i + 1, $"node {node}, zone {name} comes twice");
            if (name == "Device")
                continue;
            MemoryZone zone = ZoneOf(name) ?? throw Error(fileName, i + 1, $"\"{name}\" is not a zone of x86");
            (long unmovableBefore, long blocksBefore) = zones.GetValueOrDefault((node, zone));
            long blocks = blocksBefore + counts.Sum();
            zones[(node, zone)] = (unmovableBefore + counts[unmovable], blocks);
            if (blocks > 1L << 31)
                throw Error(fileName, i + 1, "more page blocks than 2^31");
        }

        if (zones.Count == 0)
            throw Error(fileName, Math.Min(i + 1, lines.Length), "no \"Node N, zone NAME\" with counts follows");
        ValueList<ZoneShare> shares =
        [
            .. zones.Select(static zone =>
                new ZoneShare(zone.Key.Node, zone.Key.Zone, zone.Value.Unmovable, zone.Value.Blocks)),
        ];
        return new(shares, Array.FindIndex(lines, IsHeader) < header);
    }

    /// <summary>Says where the table cannot be a machine's: nodes that only one of them has, and nodes whose page
    /// blocks are too few or too many for their RAM.</summary>
    /// <param name="host">The machine.</param>
    /// <returns>One line for each node, without a full stop; none where it can be.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public IEnumerable<string> FindMismatches(HostMemory host)
    {
        Preconditions.NotNull(host, nameof(host));
        List<string> mismatches = [];
        foreach (int node in Zones.Select(static zone => zone.Node).Union(host.Nodes).OrderBy(static node => node))
        {
            long blocks = Zones.Where(zone => zone.Node == node).Sum(static zone => zone.PageBlocks);
            (long min, long max) = BlocksOf(host, node);
            if (blocks < min || blocks > max)
            {
                mismatches.Add(
                    FormattableString.Invariant(
                        $"node {node} has {blocks} page blocks in pagetypeinfo and {min} on the host: ")
                    + "the table may be another machine's");
            }
        }

        return mismatches;
    }

    /// <summary>The text: <c>4 zones, 3.4 % of page blocks unmovable</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        FormattableString.Invariant($"{Zones.Count} zones, {100 * Unmovable:0.0} % of page blocks unmovable");

    /// <summary>How many page blocks a node has at least, those that are RAM as a whole, and at most.</summary>
    private static (long Min, long Max) BlocksOf(HostMemory host, int node)
    {
        ulong min = 0;
        ulong max = 0;
        ulong sectionEnd = 0;
        foreach (MemoryRegion region in host.Regions)
        {
            if (region.Node != node)
                continue;
            ulong first = (region.Range.Start + Fragmentation.PageBlockBytes - 1) / Fragmentation.PageBlockBytes;
            ulong end = region.Range.End / Fragmentation.PageBlockBytes;
            min += end > first ? end - first : 0;
            ulong section = Math.Max(sectionEnd, region.Range.Start / SectionBytes);
            sectionEnd = (region.Range.End + SectionBytes - 1) / SectionBytes;
            max += (sectionEnd - Math.Min(section, sectionEnd)) * (SectionBytes / Fragmentation.PageBlockBytes);
        }

        return ((long)min, (long)max);
    }

    private static bool IsHeader(string line) => line.StartsWith(Header, StringComparison.Ordinal);

    /// <summary>A line without what a mail, a web page or a terminal put around it.</summary>
    private static string Unquote(string line)
    {
        if (line.Length == 0)
            return line;
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        byte[] clean = new byte[bytes.Length];
        string text = Encoding.UTF8.GetString(clean, 0, LogLine.Clean(bytes, clean));
        string trimmed = text.Split('\n')[0].Trim()
            .TrimStart('>', '|', '"', '`', ' ', '\t').TrimEnd('"', '`', ',', ' ');
        int header = trimmed.IndexOf(Header, StringComparison.Ordinal);
        return header > 0 ? trimmed[header..] : trimmed;
    }

    private static void CheckPagesPerBlock(ReadOnlySpan<string> lines, string fileName)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(PagesPerBlock, StringComparison.Ordinal))
                continue;
            string pages = lines[i][PagesPerBlock.Length..].Trim();
            if (pages != ExpectedPagesPerBlock.ToString(CultureInfo.InvariantCulture))
                throw Error(fileName, i + 1, $"page blocks of {pages} pages; x86 has {ExpectedPagesPerBlock}");
        }
    }

    /// <summary>Reads <c>Node 0, zone Normal a b c d e f</c>.</summary>
    private static (int Node, string Zone, long[] Counts) ParseLine(
        string line, int columns, string fileName, int number)
    {
        string[] words = Words(line);
        if (words.Length < 4 || words[2] != "zone" || !words[1].EndsWith(',')
            || !int.TryParse(words[1][..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int node))
        {
            throw Error(fileName, number, "expected \"Node N, zone NAME\" and counts");
        }

        if (node > MemoryRegion.MaxNode)
            throw Error(fileName, number, $"node {node} is not from 0 to {MemoryRegion.MaxNode}");
        if (words.Length != 4 + columns)
            throw Error(fileName, number, $"{words.Length - 4} counts, for {columns} columns");
        long[] counts = new long[columns];
        for (int i = 0; i < columns; i++)
        {
            if (!uint.TryParse(words[4 + i], NumberStyles.None, CultureInfo.InvariantCulture, out uint count))
                throw Error(fileName, number, $"\"{words[4 + i]}\" is not a number of page blocks");
            counts[i] = count;
        }

        return (node, words[3], counts);
    }

    private static MemoryZone? ZoneOf(string name) => name switch
    {
        "DMA" => MemoryZone.Dma,
        "DMA32" => MemoryZone.Dma32,
        "Normal" or "Movable" => MemoryZone.Normal,
        _ => null,
    };

    private static string[] Words(string line) =>
        line.Split((char[]?)null, MaxColumns + 5, StringSplitOptions.RemoveEmptyEntries);

    private static HostFormatException Error(string fileName, int line, string reason) =>
        new(fileName, line, property: null, reason);
}
