namespace TdxPamt.Hosts.Drawing;

/// <summary>Paints what a map shows onto its rows.</summary>
internal sealed class MapPainter(
    MapCanvas canvas, MapSubject subject, MapCells cells, List<MapRow> rows, MapBands bands)
{
    private const double BreakWidth = 14;

    /// <summary>The most characters of a line at the left.</summary>
    private const int MaxLabel = 12;

    private const int MaxLabelLines = 4;

    private readonly HashSet<MapCell> _withPamts = [];

    internal void Paint()
    {
        foreach (MapRow row in rows)
            PaintFrame(row);
        foreach (MapItem item in subject.Items)
            PaintItem(item);
        foreach (MapCell cell in rows.SelectMany(static row => row.Cells))
            PaintCell(cell);
        new MapBlockedPages(canvas, subject, cells).Paint();
    }

    private void PaintFrame(MapRow row)
    {
        double y = row.Y;
        if (row.IsFirst)
        {
            canvas.Path($"M8,{Svg.Number(y - 7)} H{Svg.Number(MapRow.Right)}", "rule");
            ulong ram = 0;
            foreach (MemoryRegion region in subject.Plan.Host.Memory.Regions)
                ram += region.Node == row.Node ? region.Range.Size : 0;
            double baseline = y + 11;
            List<string> name = TextLines.Wrap(bands.Describe(row.Node), MaxLabel);
            foreach (string line in name.Take(MaxLabelLines))
            {
                canvas.Text(8, baseline, line, "line bold");
                baseline += 15;
            }

            canvas.Text(8, baseline, name.Count > MaxLabelLines ? "and more" : Quantities.Size(ram), "quiet");
        }

        canvas.Text(MapRow.Left - 6, y + 10, "CMRs", "quiet end");
        if (subject.Plan.Host.Memory.Cmrs.Count == 0)
            canvas.Text(MapRow.Left, y + 10, "not known", "quiet");
        canvas.Text(MapRow.Left - 6, y + MapRow.MemoryTop + 16, "memory", "quiet end");
        canvas.Text(MapRow.Left - 6, y + MapRow.TdmrTop + 11, "TDMRs", "quiet end");
        canvas.Text(MapRow.Left - 6, y + MapRow.AreaTop + 9, "reserved", "quiet end");
        foreach ((double x, string text) in row.Addresses.Labels)
        {
            double top = y + MapRow.AddressTop;
            canvas.Path($"M{Svg.Number(x)},{Svg.Number(top)} v4", "tick");
            if (row.Addresses.IsSlanted)
            {
                string at = $"{Svg.Number(x + 3)} {Svg.Number(top + 10)}";
                Svg.Text(canvas.Writer, x + 3, top + 10, text, ("class", "end"), ("transform", $"rotate(-45 {at})"));
            }
            else
            {
                canvas.Text(MapAddresses.Middle(x, text), top + 13, text, "middle");
            }
        }
    }

    private void PaintItem(MapItem item)
    {
        List<MapCell> filled = [.. cells.Of(item).Where(static cell => cell.Row is not null)];
        if (filled.Count == 0)
            return;
        if (item.Kind == MapKind.Pamt)
            _withPamts.UnionWith(filled);
        canvas.Begin(Classes(item), item.What, item.Range, item.Note);
        foreach ((MapCell first, MapCell last) in Runs(filled))
        {
            bool openLeft = first.Range.Start > item.Range.Start;
            bool openRight = last.Range.End < item.Range.End;
            PaintRun(item, first, last, openLeft, openRight);
        }

        canvas.End();
    }

    private void PaintRun(MapItem item, MapCell first, MapCell last, bool openLeft, bool openRight)
    {
        double y = first.Row!.Y;
        double x = first.X;
        double right = last.Right;
        double width = right - x;
        switch (item.Kind)
        {
            case MapKind.Cmr:
                canvas.Bracket(x + 1, y + 2, right - 1, 8, openLeft, openRight);
                canvas.Label(x + 4, width - 8, y + 9.5, hasGround: true, item.Labels);
                break;
            case MapKind.Tdmr:
                canvas.Box(x + 1.5, y + MapRow.TdmrTop, right - 1.5, MapRow.TdmrHeight, openLeft, openRight);
                canvas.Label(x, width, y + MapRow.TdmrTop + 11, hasGround: false, item.Labels);
                break;
            case MapKind.ReservedHole or MapKind.ReservedPamt:
                string area = item.Kind == MapKind.ReservedHole ? "areahole" : "areapamt";
                canvas.Rect(
                    x + 0.5, y + MapRow.AreaTop, width - 1, MapRow.AreaHeight, item.IsMarked ? null : area);
                canvas.Label(x, width, y + MapRow.AreaTop + 9, hasGround: !item.IsMarked, item.Labels);
                break;
            case MapKind.Pamt:
                canvas.Rect(x, y + MapRow.MemoryTop + 2, width, MapRow.MemoryHeight - 4, "pamt");
                double room = last.IsFolded ? width - BreakWidth : width;
                canvas.Label(x, room, y + MapRow.MemoryTop + 16, hasGround: true, item.Labels);
                break;
            default:
                canvas.Rect(
                    x, y + MapRow.MemoryTop, width, MapRow.MemoryHeight, item.Kind == MapKind.Hole ? "hole" : null);
                break;
        }
    }

    private void PaintCell(MapCell cell)
    {
        double top = cell.Row!.Y + MapRow.MemoryTop;
        string[] sizes = MapText.Sizes(cell.Range.Size);
        if (cell.IsGap)
        {
            canvas.Begin("gap", $"nothing of node {cell.Node}", cell.Range);
            canvas.Break(cell.X + 2, top, MapRow.MemoryHeight);
            canvas.Label(cell.X + 7, cell.Width - 14, top + 16, hasGround: false, sizes);
            canvas.Break(cell.Right - 10, top, MapRow.MemoryHeight);
            canvas.End();
        }
        else if (cell.IsSummary)
        {
            PaintSummary(cell);
        }
        else
        {
            double room = cell.IsFolded ? cell.Width - BreakWidth : cell.Width;
            if (cell.IsFolded)
                canvas.Break(cell.Right - BreakWidth, top, MapRow.MemoryHeight);
            if (!_withPamts.Contains(cell))
                canvas.Label(cell.X, room, top + 16, hasGround: true, sizes);
        }
    }

    private void PaintSummary(MapCell cell)
    {
        double y = cell.Row!.Y;
        string classes = cell.Hidden.Exists(static item => item.IsFault) ? "summary fault" : "summary";
        canvas.Begin(classes, MapSummary.Describe(cell), cell.Range);
        canvas.Rect(cell.X, y + MapRow.MemoryTop, cell.Width, MapRow.MemoryHeight, "summary");
        Write(y + MapRow.MemoryTop + 16, "hole", MapKind.Hole);
        Write(y + 9.5, "CMR", MapKind.Cmr);
        Write(y + MapRow.TdmrTop + 11, "TDMR", MapKind.Tdmr);
        if (MapSummary.Count(cell, MapKind.ReservedHole, MapKind.ReservedPamt) > 0)
            canvas.Rect(cell.X + 0.5, y + MapRow.AreaTop, cell.Width - 1, MapRow.AreaHeight, "areahole");
        Write(y + MapRow.AreaTop + 9, "area", MapKind.ReservedHole, MapKind.ReservedPamt);
        canvas.End();

        void Write(double baseline, string what, params MapKind[] kinds)
        {
            int count = MapSummary.Count(cell, kinds);
            if (count > 0)
                canvas.Label(cell.X, cell.Width, baseline, hasGround: true, Quantities.Count(count, what), $"{count}");
        }
    }

    private static string Classes(MapItem item) => item.Kind switch
    {
        MapKind.ReservedHole or MapKind.ReservedPamt => item.IsMarked ? "area blame" : "area",
        _ => item.Kind.ToString().ToLowerInvariant() + (item.IsMarked ? " fault" : ""),
    };

    /// <summary>Cells that follow one another in a row, as the first and the last of them.</summary>
    private static List<(MapCell First, MapCell Last)> Runs(List<MapCell> filled)
    {
        List<(MapCell First, MapCell Last)> runs = [];
        foreach (MapCell cell in filled)
        {
            if (runs.Count > 0 && runs[^1].Last.Row == cell.Row && runs[^1].Last.Range.End == cell.Range.Start)
                runs[^1] = (runs[^1].First, cell);
            else
                runs.Add((cell, cell));
        }

        return runs;
    }
}
