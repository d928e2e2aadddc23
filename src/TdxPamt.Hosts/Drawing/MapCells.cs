namespace TdxPamt.Hosts.Drawing;

/// <summary>Cuts what is shown into cells, and finds where an item is drawn.</summary>
internal sealed class MapCells
{
    /// <summary>How many cells a host may have, in all its nodes, before small ones are summed up.</summary>
    private const int MaxCells = 480;

    /// <summary>About how many cells are left once small ones are summed up.</summary>
    private const int SummedCells = 144;

    /// <summary>A node of a host of fewer nodes gets the share of cells of one of this many.</summary>
    private const int MinNodes = 4;

    /// <summary>Ranges in which no item begins or ends, ascending, and the cell that each is part of.</summary>
    private readonly List<(AddressRange Range, MapCell Cell)> _stretches = [];

    private readonly AddressRange[] _ranges;

    internal MapCells(MapSubject subject)
    {
        Cut(subject);
        _ranges = [.. _stretches.Select(static stretch => stretch.Range)];
        int nodes = Math.Max(MinNodes, subject.Plan.Host.Memory.Nodes.Count);
        HashSet<ulong> borders =
        [
            .. subject.Of(MapKind.Tdmr).Concat(subject.Of(MapKind.Pamt)).SelectMany(Ends),
        ];
        HashSet<int> failing = IndicesOfFirstFault(subject);
        foreach (IGrouping<(int, bool), int> part in Enumerable.Range(0, _stretches.Count)
            .GroupBy(i => (_stretches[i].Cell.Node, IsLow(_stretches[i].Cell)))
            .Where(part => part.Count() > Math.Max(30, MaxCells / nodes))
            .ToList())
        {
            SumUp([.. part], borders, failing, Math.Max(10, SummedCells / nodes));
        }

        All = [.. _stretches.Select(static stretch => stretch.Cell).Distinct()];
        foreach (MapItem item in subject.Items)
        {
            if (Of(item).Count == 0)
                _stretches[IndexOf(item.Range.Start)].Cell.Hidden.Add(item);
        }
    }

    /// <summary>The cells in ascending order.</summary>
    internal List<MapCell> All { get; }

    /// <summary>Whether a cell is low memory, where most holes are.</summary>
    internal static bool IsLow(MapCell cell) => cell.Range.Start < 1UL << 32;

    /// <summary>The cells that an item fills; none where it is hidden in one that stands for many things.</summary>
    internal List<MapCell> Of(MapItem item)
    {
        Dictionary<MapCell, int> parts = [];
        List<MapCell> cells = [];
        for (int i = IndexOf(item.Range.Start); i < _stretches.Count && _stretches[i].Range.Start < item.Range.End; i++)
        {
            MapCell cell = _stretches[i].Cell;
            parts[cell] = parts.TryGetValue(cell, out int before) ? before + 1 : 1;
            if (parts[cell] == cell.Parts)
                cells.Add(cell);
        }

        return cells;
    }

    /// <summary>The stretches that a range shares addresses with, and their cells.</summary>
    internal IEnumerable<(AddressRange Range, MapCell Cell)> Overlapping(AddressRange range)
    {
        for (int i = IndexOf(range.Start); i < _stretches.Count && _stretches[i].Range.Start < range.End; i++)
            yield return _stretches[i];
    }

    private static ulong[] Ends(MapItem item) => [item.Range.Start, item.Range.End];

    private void Cut(MapSubject subject)
    {
        ulong[] edges = [.. subject.Items.SelectMany(Ends).Distinct().OrderBy(static edge => edge)];
        MapNodes nodes = new(subject);
        int edge = 0;
        foreach (AddressRange shown in subject.Shown)
        {
            while (edges[edge] < shown.Start)
                edge++;
            for (; edges[edge] < shown.End; edge++)
            {
                AddressRange range = AddressRange.Create(edges[edge], edges[edge + 1]);
                _stretches.Add((range, new MapCell(range, nodes.NodeOf(range))));
            }
        }
    }

    /// <summary>Replaces runs of small stretches by one cell each; the largest stretches stay, and so do the borders of
    /// TDMRs and PAMTs, unless there are too many of these too; what is in the first TDMR that fails stays
    /// as it is.</summary>
    private void SumUp(int[] part, HashSet<ulong> borders, HashSet<int> failing, int few)
    {
        bool[] begins = [.. part.Select((index, i) => i == 0 || IsBorder(part[i - 1], index))];
        if (begins.Count(static begin => begin) > few)
            begins = [.. part.Select(static (_, i) => i == 0)];
        int fewLargest = (few - begins.Count(static begin => begin)) / 2;
        HashSet<int> kept =
        [
            .. part.OrderByDescending(index => _stretches[index].Range.Size).Take(fewLargest),
            .. part.Where(failing.Contains),
        ];
        int first = 0;
        for (int i = 1; i <= part.Length; i++)
        {
            if (i < part.Length && !begins[i] && !kept.Contains(part[i]) && !kept.Contains(part[i - 1]))
                continue;
            if (i - first > 1)
                Replace(part.AsSpan(first, i - first));
            first = i;
        }

        bool IsBorder(int before, int after) =>
            _stretches[before].Range.End != _stretches[after].Range.Start
            || borders.Contains(_stretches[after].Range.Start);
    }

    /// <summary>The stretches of the first TDMR that fails; none where no picture has room for them.</summary>
    private HashSet<int> IndicesOfFirstFault(MapSubject subject)
    {
        if (subject.Items.FirstOrDefault(static item => item.IsFault) is not { } fault)
            return [];
        int first = IndexOf(fault.Range.Start);
        int end = first;
        while (end < _stretches.Count && _stretches[end].Range.Start < fault.Range.End)
            end++;
        return end - first > MaxCells ? [] : [.. Enumerable.Range(first, end - first)];
    }

    private void Replace(ReadOnlySpan<int> run)
    {
        AddressRange range = AddressRange.Create(_stretches[run[0]].Range.Start, _stretches[run[^1]].Range.End);
        MapCell sum = new(range, _stretches[run[0]].Cell.Node) { Parts = run.Length };
        foreach (int index in run)
            _stretches[index] = (_stretches[index].Range, sum);
    }

    /// <summary>The index of the first stretch that ends above an address.</summary>
    private int IndexOf(ulong address) => AddressRanges.FirstEndingAbove(_ranges, address);
}
