using System.Globalization;
using TdxPamt.Simulation;

namespace TdxPamt.Hosts;

/// <summary>Reads <c>/proc/pagetypeinfo</c>: how many page blocks of each zone hold unmovable pages.</summary>
/// <remarks>
/// <para>It reads the section "Number of blocks type", whose columns vary between kernels, and counts a block as
/// unmovable where that section says so. Blocks of zone Movable count for zone Normal, whose addresses they have; zone
/// Device is no RAM.</para>
/// <para>Without state, so safe for many threads.</para>
/// </remarks>
public static class PageTypeInfo
{
    private const string Header = "Number of blocks type";
    private const string PagesPerBlock = "Pages per block:";
    private const ulong ExpectedPagesPerBlock = Fragmentation.PageBlockBytes / AddressRange.PageBytes;

    /// <summary>Reads the shares of unmovable blocks.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">The file's name, for messages.</param>
    /// <returns>Each node's zones, in ascending order of nodes, then of zones.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="HostFormatException">It is not such a file; the message says where.</exception>
    public static ValueList<ZoneShare> Parse(string text, string fileName = "pagetypeinfo")
    {
        string[] lines = Preconditions.NotNull(text, nameof(text)).Split('\n');
        Preconditions.NotNull(fileName, nameof(fileName));
        int header = Array.FindIndex(lines, static line => line.StartsWith(Header, StringComparison.Ordinal));
        if (header < 0)
            throw Error(fileName, lines.Length, $"there is no section \"{Header}\"");
        CheckPagesPerBlock(lines.AsSpan(0, header), fileName);
        string[] columns = Words(lines[header][Header.Length..]);
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
            (long unmovableSoFar, long blocksSoFar) = zones.GetValueOrDefault((node, zone));
            zones[(node, zone)] = (unmovableSoFar + counts[unmovable], blocksSoFar + counts.Sum());
            if (zones[(node, zone)].Blocks > 1L << 31)
                throw Error(fileName, i + 1, "more page blocks than 2^31");
        }

        if (zones.Count == 0)
            throw Error(fileName, Math.Min(i + 1, lines.Length), "no \"Node N, zone NAME\" with counts follows");
        return
        [
            .. zones.Select(static zone =>
                new ZoneShare(zone.Key.Node, zone.Key.Zone, zone.Value.Unmovable, zone.Value.Blocks)),
        ];
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
        line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static HostFormatException Error(string fileName, int line, string reason) =>
        new(fileName, line, property: null, reason);
}
