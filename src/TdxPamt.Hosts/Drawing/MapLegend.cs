namespace TdxPamt.Hosts.Drawing;

/// <summary>Shows each shape and pattern of a map with its meaning.</summary>
internal sealed class MapLegend
{
    private const double Left = 8;
    private const double Swatch = 30;
    private const double SwatchHeight = 14;
    private const double LineHeight = 22;
    private const double Space = 18;

    private readonly List<(string Classes, string Text, Shape Shape, double X, double Y)> _entries = [];
    private double _x = Left;
    private double _y;

    internal MapLegend(MapSubject subject, MapCells cells)
    {
        Add("cmr", "CMR", static (canvas, x, y) =>
            canvas.Bracket(x + 1, y + 3, x + Swatch - 1, 8, openLeft: false, openRight: false));
        Add("ram", "RAM", Filled(null));
        Add("lowram", "RAM below 1 MiB, not for TDX", Filled(null));
        Add("hole", "hole: no RAM", Filled("hole"));
        Add("pamt", "PAMTs, P1: of TDMR 1", Filled("pamt"));
        Add("tdmr", "TDMR", Outline);
        Add("area", "reserved area for a hole", Filled("areahole"));
        Add("area", "reserved area for PAMTs", Filled("areapamt"));
        Add("folded", "folded: 1 GiB or more of the same", static (canvas, x, y) =>
            canvas.Break(x + 11, y + 1, SwatchHeight - 2));
        if (cells.All.Exists(static cell => cell.IsSummary))
            Add("summary", "many small things, counted", Filled("summary"));
        if (subject.Plan.Host.Memory.BlockedRanges.Count > 0)
        {
            Add("blocked", "pages that cannot be handed out", static (canvas, x, y) =>
                canvas.Rect(x, y + 4, Swatch, 6, "blocked"));
        }

        if (subject.Items.Any(static item => item.IsFault))
            Add("tdmr fault", "where it fails", Outline);
        if (subject.Items.Any(static item => item.IsToBlame))
            Add("area blame", "to blame: without these holes the TDMR would fit", Filled(null));
    }

    private delegate void Shape(MapCanvas canvas, double x, double y);

    internal double Height => _y + LineHeight;

    internal void Paint(MapCanvas canvas, double top)
    {
        foreach ((string classes, string text, Shape shape, double x, double y) in _entries)
        {
            Svg.Start(canvas.Writer, "g", ("class", classes));
            shape(canvas, x, top + y);
            canvas.End();
            canvas.Text(x + Swatch + 6, top + y + 11, text, "legend");
        }
    }

    private static Shape Filled(string? pattern) => (canvas, x, y) => canvas.Rect(x, y, Swatch, SwatchHeight, pattern);

    private static void Outline(MapCanvas canvas, double x, double y) =>
        canvas.Box(x + 1, y, x + Swatch - 1, SwatchHeight, openLeft: false, openRight: false);

    private void Add(string classes, string text, Shape shape)
    {
        double width = Swatch + 6 + MapText.Width(text);
        if (_x + width > MapRow.Right)
        {
            _x = Left;
            _y += LineHeight;
        }

        _entries.Add((classes, text, shape, _x, _y));
        _x += width + Space;
    }
}
