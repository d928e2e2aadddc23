namespace TdxPamt.Hosts.Drawing;

/// <summary>Sets cells into rows: a band for each node or for all that look the same, those where it fails
/// first; as many rows as its cells need.</summary>
internal static class MapRows
{
    private const double RowWidth = MapRow.Right - MapRow.Left;

    internal static List<MapRow> Create(MapSubject subject, MapCells cells, MapBands bands)
    {
        List<MapRow> rows = [];
        HashSet<int> failing =
        [
            .. subject.Items.Where(static item => item.IsFault)
                .SelectMany(item => cells.Overlapping(item.Range)).Select(static part => part.Cell.Node),
        ];
        foreach (IGrouping<int, MapCell> node in cells.All.Where(cell => bands.Has(cell.Node))
            .GroupBy(static cell => cell.Node)
            .OrderBy(node => failing.Contains(node.Key) ? 0 : 1).ThenBy(static node => node.Key))
        {
            bool isFirst = true;
            foreach (List<MapCell> line in Lines(WithGaps(node)))
            {
                MapRow row = new(node.Key, isFirst, line);
                row.Place();
                rows.Add(row);
                isFirst = false;
            }
        }

        foreach (MapRow row in rows)
            row.Label(subject);
        return rows;
    }

    /// <summary>The cells, with a gap between two where the node has nothing in between.</summary>
    private static List<MapCell> WithGaps(IEnumerable<MapCell> cells)
    {
        List<MapCell> line = [];
        foreach (MapCell cell in cells)
        {
            if (line.Count > 0 && AddressRange.TryCreate(line[^1].Range.End, cell.Range.Start, out AddressRange gap))
                line.Add(new MapCell(gap, cell.Node) { IsGap = true });
            line.Add(cell);
        }

        return line;
    }

    /// <summary>One line if that is enough; else low memory gets lines of its own.</summary>
    private static IEnumerable<List<MapCell>> Lines(List<MapCell> cells)
    {
        if (WidthOf(cells) <= RowWidth)
            return [cells];
        int high = cells.FindIndex(static cell => !MapCells.IsLow(cell));
        return high <= 0
            ? Wrap(cells)
            : Wrap(cells.GetRange(0, high)).Concat(Wrap(cells.GetRange(high, cells.Count - high)));
    }

    /// <summary>As few lines as there can be, filled alike; a gap never begins one.</summary>
    private static IEnumerable<List<MapCell>> Wrap(List<MapCell> cells)
    {
        double lines = Math.Ceiling(WidthOf(cells) / RowWidth);
        double share = WidthOf(cells) / lines;
        double used = 0;
        double end = share;
        List<MapCell> line = [];
        foreach (MapCell cell in cells)
        {
            if (line.Count > 0 && !cell.IsGap && used + (cell.NaturalWidth / 2) > end)
            {
                yield return line;
                line = [];
                end += share;
            }

            line.Add(cell);
            used += cell.NaturalWidth;
        }

        yield return line;
    }

    private static double WidthOf(List<MapCell> cells) => cells.Sum(static cell => cell.NaturalWidth);
}
