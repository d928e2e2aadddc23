namespace TdxPamt.Hosts.Drawing;

/// <summary>Pages that cannot be handed out, as a strip at the foot of memory: those that are drawn at one
/// place are one mark.</summary>
/// <remarks>There are as many marks as pixels at most, and ranges that overlap are cut into parts together: the work
/// grows with the number of ranges, not with how they overlap.</remarks>
internal sealed class MapBlockedPages
{
    private const double Height = 6;
    private const double MinWidth = 2;

    private readonly MapCanvas _canvas;
    private readonly MapCells _cells;

    /// <summary>Different blocked ranges, ascending.</summary>
    private readonly BlockedRange[] _blocked;

    /// <summary>The ends of the blocked ranges, ascending.</summary>
    private readonly ulong[] _ends;

    /// <summary>For each blocked range the highest end of those up to it.</summary>
    private readonly ulong[] _highestEnds;

    internal MapBlockedPages(MapCanvas canvas, MapSubject subject, MapCells cells)
    {
        _canvas = canvas;
        _cells = cells;
        IEnumerable<BlockedRange> different = subject.Plan.Host.Memory.BlockedRanges.Distinct();
        _blocked = [.. different.OrderBy(static blocked => blocked.Range.Start)];
        _ends = [.. _blocked.Select(static blocked => blocked.Range.End).OrderBy(static end => end)];
        _highestEnds = new ulong[_blocked.Length];
        ulong highest = 0;
        for (int i = 0; i < _blocked.Length; i++)
            _highestEnds[i] = highest = Math.Max(highest, _blocked[i].Range.End);
    }

    internal void Paint()
    {
        Dictionary<MapRow, List<Mark>> marks = [];
        foreach (AddressRange union in Unions())
        {
            foreach ((AddressRange stretch, MapCell cell) in _cells.Overlapping(union))
            {
                if (cell.Row is null)
                    continue;
                AddressRange part = union.Intersect(stretch);
                double x = cell.X + (cell.Width * (part.Start - cell.Range.Start) / cell.Range.Size);
                double right = x + Math.Max(MinWidth, cell.Width * part.Size / cell.Range.Size);
                if (!marks.TryGetValue(cell.Row, out List<Mark>? row))
                    marks[cell.Row] = row = [];
                Add(row, new(Math.Min(x, cell.Right - MinWidth), Math.Min(right, cell.Right), part));
            }
        }

        foreach (MapRow row in marks.Keys.OrderBy(static row => row.Y))
        {
            foreach (Mark mark in marks[row])
                Paint(row, mark);
        }
    }

    /// <summary>Adds a mark to those on its left, or widens the last of them.</summary>
    private static void Add(List<Mark> row, Mark mark)
    {
        if (row.Count == 0 || mark.X > row[^1].Right + 1)
        {
            row.Add(mark);
            return;
        }

        Mark last = row[^1];
        AddressRange range = AddressRange.Create(last.Range.Start, mark.Range.End);
        row[^1] = new(last.X, Math.Max(last.Right, mark.Right), range);
    }

    /// <summary>The blocked ranges, those that overlap or are adjacent merged.</summary>
    private IEnumerable<AddressRange> Unions()
    {
        for (int first = 0, next; first < _blocked.Length; first = next)
        {
            next = first + 1;
            while (next < _blocked.Length && _blocked[next].Range.Start <= _highestEnds[next - 1])
                next++;
            yield return AddressRange.Create(_blocked[first].Range.Start, _highestEnds[next - 1]);
        }
    }

    private void Paint(MapRow row, Mark mark)
    {
        int below = FirstIndex(_blocked.Length, i => _blocked[i].Range.Start >= mark.Range.End);
        int count = below - FirstIndex(_ends.Length, i => _ends[i] > mark.Range.Start);
        BlockedRange first = _blocked[FirstIndex(_highestEnds.Length, i => _highestEnds[i] > mark.Range.Start)];
        string what = count == 1
            ? $"{first.Kind.ToString().ToLowerInvariant()} pages"
            : Quantities.Count(count, "blocked range");
        _canvas.Begin("blocked", what, AddressRange.Create(first.Range.Start, _highestEnds[below - 1]));
        double y = row.Y + MapRow.MemoryTop + MapRow.MemoryHeight - Height;
        _canvas.Rect(mark.X, y, mark.Right - mark.X, Height, "blocked");
        _canvas.End();
    }

    /// <summary>The first index that a test accepts, as it does all after it; else the number of indices.</summary>
    private static int FirstIndex(int count, Func<int, bool> test)
    {
        int low = 0;
        while (low < count)
        {
            int middle = (low + count) >>> 1;
            if (test(middle))
                count = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    /// <summary>A mark from one x to another, and the addresses from its first part to its last.</summary>
    private readonly record struct Mark(double X, double Right, AddressRange Range);
}
