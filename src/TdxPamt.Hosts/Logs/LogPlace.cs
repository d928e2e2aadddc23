namespace TdxPamt.Hosts;

/// <summary>Where in a log the reading is, and what is refused there whatever the form of the line.</summary>
internal sealed class LogPlace(string fileName)
{
    /// <summary>How many ranges of a kind, or fallback orders, a log may have.</summary>
    private const int MaxOfAKind = 65_536;

    /// <summary>The line that is read, from 1.</summary>
    internal long Line { get; set; }

    internal void CheckNode(int node)
    {
        if (node > MemoryRegion.MaxNode)
            throw Refused($"node {node} is not from 0 to {MemoryRegion.MaxNode}");
    }

    internal void CheckOrder(ReadOnlySpan<byte> line, ulong start, ulong end)
    {
        if (end < start)
            throw Refused($"the range ends before it starts: {HostFormatException.Quote(LogText.Trim(line))}");
    }

    internal void CheckLimit(ulong start, ulong last)
    {
        if (last >= AddressRange.Limit)
            throw Refused($"0x{start:x}-0x{last:x} is not below 2^52, where physical addresses end");
    }

    internal void CheckPages(ulong start, ulong end)
    {
        if (!AddressRange.TryCreate(start, end, out _, out AddressRangeFailure? failure))
            throw Refused(failure.Message);
    }

    internal void CheckCount(int count, string what = "ranges of a kind")
    {
        if (count > MaxOfAKind)
            throw Refused($"there are more than {MaxOfAKind} {what}");
    }

    /// <summary>Adds a range to a list whose ranges, or those of its different nodes, do not overlap.</summary>
    internal void Add(NodeRangeList ranges, string what, NodeRange range, bool hasNodes, bool mayOverlap = false)
    {
        if (!ranges.TryAdd(range, mayOverlap, out NodeRange other))
        {
            throw Refused(hasNodes
                ? $"{what} {other} of node {other.Node} and {range} of node {range.Node} overlap"
                : $"{what} {other} and {range} overlap");
        }

        CheckCount(ranges.Ranges.Count);
    }

    /// <summary>What a line has that is of a known kind but cannot be read.</summary>
    internal HostFormatException Unreadable(ReadOnlySpan<byte> line) =>
        Refused($"this line cannot be read, is it cut off? {HostFormatException.Quote(LogText.Trim(line))}");

    internal HostFormatException Refused(string reason) => new(fileName, Line, property: null, reason);
}
