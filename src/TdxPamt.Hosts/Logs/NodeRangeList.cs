namespace TdxPamt.Hosts;

/// <summary>Ranges of bytes with their nodes, in ascending order, no two overlapping: node ranges,
/// SRAT, CMRs.</summary>
internal sealed class NodeRangeList
{
    private readonly List<NodeRange> _ranges = [];

    internal IReadOnlyList<NodeRange> Ranges => _ranges;

    internal void Clear() => _ranges.Clear();

    /// <summary>Adds a range. One that is there already is dropped; one that overlaps another is refused, unless ranges
    /// of one node may overlap, which are then merged.</summary>
    /// <param name="range">The range, not empty.</param>
    /// <param name="mayOverlap">Whether ranges of one node may overlap.</param>
    /// <param name="conflict">The range that it overlaps, where it is refused.</param>
    internal bool TryAdd(NodeRange range, bool mayOverlap, out NodeRange conflict)
    {
        int first = FirstEndingAbove(range.Start);
        int end = first;
        for (; end < _ranges.Count && _ranges[end].Start < range.End; end++)
        {
            conflict = _ranges[end];
            if (conflict == range)
                return true;
            if (!mayOverlap || conflict.Node != range.Node)
                return false;
        }

        conflict = default;
        if (end > first)
        {
            range = new(
                Math.Min(range.Start, _ranges[first].Start), Math.Max(range.End, _ranges[end - 1].End), range.Node);
            _ranges.RemoveRange(first, end - first);
        }

        _ranges.Insert(first, range);
        return true;
    }

    private int FirstEndingAbove(ulong address)
    {
        if (_ranges.Count == 0 || _ranges[^1].End <= address)
            return _ranges.Count;
        int low = 0;
        int high = _ranges.Count - 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_ranges[middle].End > address)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}

/// <summary>A range of bytes, half-open, and its node.</summary>
internal readonly record struct NodeRange(ulong Start, ulong End, int Node)
{
    public override string ToString() => $"[0x{Start:x}, 0x{End:x})";
}
