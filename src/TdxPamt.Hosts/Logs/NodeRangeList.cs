namespace TdxPamt.Hosts;

/// <summary>Ranges of bytes with their nodes, in ascending order, no two overlapping: node ranges,
/// SRAT, CMRs.</summary>
internal sealed class NodeRangeList
{
    private readonly ChunkedList<NodeRange> _ranges = new();

    internal IReadOnlyList<NodeRange> Ranges => _ranges;

    /// <summary>How many ranges were moved so far to make or close gaps.</summary>
    internal long Moves => _ranges.Moves;

    internal void Clear() => _ranges.Clear();

    /// <summary>Adds a range. One that is there already is dropped; one that overlaps another is refused, unless ranges
    /// of one node may overlap, which are then merged.</summary>
    /// <param name="range">The range, not empty.</param>
    /// <param name="mayOverlap">Whether ranges of one node may overlap.</param>
    /// <param name="conflict">The range that it overlaps, where it is refused.</param>
    internal bool TryAdd(NodeRange range, bool mayOverlap, out NodeRange conflict)
    {
        int first = _ranges.FirstEndingAbove(range.Start);
        int count = 0;
        NodeRange merged = range;
        foreach (NodeRange other in _ranges.From(first))
        {
            if (other.Start >= range.End)
                break;
            conflict = other;
            if (other == range)
                return true;
            if (!mayOverlap || other.Node != range.Node)
                return false;
            merged = new(Math.Min(merged.Start, other.Start), Math.Max(merged.End, other.End), range.Node);
            count++;
        }

        conflict = default;
        if (count == 0)
            _ranges.Insert(first, merged);
        else
            _ranges.Replace(first, count, [merged]);
        return true;
    }
}

/// <summary>A range of bytes, half-open, and its node.</summary>
internal readonly record struct NodeRange(ulong Start, ulong End, int Node) : IEndingRange
{
    public override string ToString() => $"[0x{Start:x}, 0x{End:x})";
}
