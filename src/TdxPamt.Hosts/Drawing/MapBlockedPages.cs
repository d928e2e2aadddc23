namespace TdxPamt.Hosts.Drawing;

/// <summary>Pages that cannot be handed out, as a strip at the foot of memory: those that are drawn at one
/// place are one mark.</summary>
internal sealed class MapBlockedPages(MapCanvas canvas, MapSubject subject, MapCells cells)
{
    private const double Height = 6;
    private const double MinWidth = 2;

    internal void Paint()
    {
        Dictionary<MapRow, List<(double X, double Right, BlockedRange Blocked)>> marks = [];
        ValueList<BlockedRange> all = subject.Plan.Host.Memory.BlockedRanges;
        foreach (BlockedRange blocked in all.OrderBy(static blocked => blocked.Range.Start))
        {
            foreach ((AddressRange stretch, MapCell cell) in cells.Overlapping(blocked.Range))
            {
                AddressRange part = blocked.Range.Intersect(stretch);
                double x = cell.X + (cell.Width * (part.Start - cell.Range.Start) / cell.Range.Size);
                double right = x + Math.Max(MinWidth, cell.Width * part.Size / cell.Range.Size);
                if (!marks.ContainsKey(cell.Row!))
                    marks[cell.Row!] = [];
                marks[cell.Row!].Add((Math.Min(x, cell.Right - MinWidth), Math.Min(right, cell.Right), blocked));
            }
        }

        foreach (MapRow row in marks.Keys.OrderBy(static row => row.Y))
            PaintRow(row, marks[row]);
    }

    private void PaintRow(MapRow row, List<(double X, double Right, BlockedRange Blocked)> marks)
    {
        marks = [.. marks.OrderBy(static mark => mark.X)];
        for (int first = 0; first < marks.Count;)
        {
            double right = marks[first].Right;
            HashSet<BlockedRange> ranges = [];
            int next = first;
            for (; next < marks.Count && marks[next].X <= right + 1; next++)
            {
                right = Math.Max(right, marks[next].Right);
                ranges.Add(marks[next].Blocked);
            }

            BlockedRange one = marks[first].Blocked;
            string what = ranges.Count == 1
                ? $"{one.Kind.ToString().ToLowerInvariant()} pages"
                : Quantities.Count(ranges.Count, "blocked range");
            ulong end = ranges.Max(static range => range.Range.End);
            canvas.Begin("blocked", what, AddressRange.Create(one.Range.Start, end));
            double y = row.Y + MapRow.MemoryTop + MapRow.MemoryHeight - Height;
            canvas.Rect(marks[first].X, y, right - marks[first].X, Height, "blocked");
            canvas.End();
            first = next;
        }
    }
}
