using System.Globalization;
using System.Xml;

namespace TdxPamt.Hosts.Drawing;

/// <summary>Draws many hosts: how PAMT share and reserved areas are distributed, and which hosts are closest to
/// a limit.</summary>
/// <remarks>SVG 1.1 without scripts. The same summary gives the same bytes. Without state,
/// so safe for many threads.</remarks>
public static class FleetChart
{
    private const double Width = 760;
    private const double Left = 70;
    private const double Right = 720;
    private const double PlotHeight = 170;
    private const double ShareTop = 80;
    private const double AreasTop = 350;
    private const double ListTop = 620;
    private const double LineHeight = 18;
    private const int MinBars = 10;
    private const int MaxBars = 40;
    private const string Fault = "#b00020";

    /// <summary>Draws a summary of plans.</summary>
    /// <param name="summary">The summary; without plans, the axes alone are drawn.</param>
    /// <param name="output">Where to write the drawing, in UTF-8; it is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="summary"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(FleetSummary summary, Stream output)
    {
        Preconditions.NotNull(summary, nameof(summary));
        Preconditions.NotNull(output, nameof(output));
        using XmlWriter writer = Svg.Document(output);
        TightHost[] tightest = [.. summary.Tightest];
        string height = Svg.Number(ListTop + (LineHeight * (tightest.Length + 2)));
        Svg.Start(writer, "svg", ("version", "1.1"), ("width", Svg.Number(Width)), ("height", height),
            ("viewBox", $"0 0 {Svg.Number(Width)} {height}"), ("font-family", "sans-serif"), ("font-size", "12"));
        string title = FormattableString.Invariant($"PAMTs of {summary.Hosts} hosts");
        writer.WriteElementString("title", Svg.Namespace, title);
        Svg.Element(writer, "rect", ("width", Svg.Number(Width)), ("height", height), ("fill", "#ffffff"));
        Svg.InkText(writer, Left, 26, title, ("font-size", "16"));
        Svg.InkText(writer, Left, 45, summary.ToString());
        WritePlot(writer, Of(summary, FleetSummary.PamtShare), ShareTop, "PAMTs, % of RAM", 10_000, limit: null);
        ulong? limit = tightest.Where(static host => !host.IsTdmrs).Select(static host => (ulong?)host.Allowed)
            .FirstOrDefault();
        WritePlot(writer, Of(summary, FleetSummary.ReservedAreas), AreasTop,
            "reserved areas of the TDMR that has most", 1, limit);
        WriteTightest(writer, tightest);
        writer.WriteEndElement();
    }

    private static Distribution Of(FleetSummary summary, string name) =>
        summary.Distributions.TryGetValue(name, out Distribution? distribution) ? distribution : new();

    private static void WritePlot(
        XmlWriter writer, Distribution distribution, double top, string what, int unit, ulong? limit)
    {
        double bottom = top + PlotHeight;
        Svg.InkText(writer, Left, top - 10, $"{what}: {Percentiles(distribution, unit)}");
        ulong low = Math.Min(distribution.Percentile(0) ?? 0, limit ?? ulong.MaxValue);
        ulong high = Math.Max(distribution.Percentile(100) ?? 0, limit ?? 0);
        ulong width = BarWidth(high - low);
        ulong first = low / width;
        int bars = Math.Max(MinBars, (int)((high / width) - first) + 1);
        long[] counts = new long[bars];
        foreach ((ulong value, long count) in distribution.Counts())
            counts[(int)((value / width) - first)] += count;
        double step = (Right - Left) / bars;
        double most = Math.Max(1, counts.Max());
        for (int i = 0; i < bars; i++)
        {
            double x = Left + (i * step);
            if (counts[i] > 0)
                WriteBar(writer, x, step, bottom, Math.Max(1.5, counts[i] / most * PlotHeight), counts[i]);
            if (i % (((bars - 1) / 10) + 1) == 0)
                WriteTick(writer, x + (width == 1 ? step / 2 : 0), bottom, ((decimal)first + i) * width, unit);
        }

        Svg.Line(writer, Left, bottom, Right, bottom, ("stroke", Svg.Ink));
        Svg.Line(writer, Left, top, Left, bottom, ("stroke", Svg.Ink));
        string highest = counts.Max().ToString(CultureInfo.InvariantCulture);
        Svg.InkText(writer, Left - 8, top + 4, highest, ("text-anchor", "end"));
        Svg.InkText(writer, Left - 8, bottom + 4, "0", ("text-anchor", "end"));
        string middle = Svg.Number(top + (PlotHeight / 2));
        Svg.InkText(writer, 24, top + (PlotHeight / 2), "hosts",
            ("text-anchor", "middle"), ("transform", $"rotate(-90 24 {middle})"));
        if (limit is { } allowed)
            WriteLimit(writer, Left + (((allowed / width) - first + 1) * step), top, bottom, allowed);
    }

    /// <summary>The width of bars, in whole numbers: 1, 2 or 5 times a power of ten.</summary>
    private static ulong BarWidth(ulong span)
    {
        ulong power = 1;
        while (true)
        {
            foreach (ulong factor in (ReadOnlySpan<ulong>)[1, 2, 5])
            {
                if (span / (factor * power) < MaxBars)
                    return factor * power;
            }

            power *= 10;
        }
    }

    private static void WriteBar(XmlWriter writer, double x, double step, double bottom, double height, long count)
    {
        double gap = Math.Min(2, step / 5);
        Svg.Start(writer, "rect", ("x", Svg.Number(x + (gap / 2))), ("y", Svg.Number(bottom - height)),
            ("width", Svg.Number(step - gap)), ("height", Svg.Number(height)), ("fill", "#0072b2"));
        writer.WriteElementString(
            "title", Svg.Namespace, FormattableString.Invariant($"{count} {(count == 1 ? "host" : "hosts")}"));
        writer.WriteEndElement();
    }

    private static void WriteTick(XmlWriter writer, double x, double bottom, decimal value, int unit)
    {
        Svg.Line(writer, x, bottom, x, bottom + 5, ("stroke", Svg.Ink));
        Svg.InkText(writer, x, bottom + 20, InUnit(value, unit), ("text-anchor", "middle"));
    }

    private static void WriteLimit(XmlWriter writer, double x, double top, double bottom, ulong limit)
    {
        Svg.Line(writer, x, top, x, bottom, ("stroke", Fault), ("stroke-width", "2"), ("stroke-dasharray", "6 3"));
        string text = FormattableString.Invariant($"the module takes {limit}");
        Svg.InkText(writer, x - 6, top + 12, text, ("text-anchor", "end"), ("font-weight", "bold"));
    }

    private static void WriteTightest(XmlWriter writer, TightHost[] tightest)
    {
        if (tightest.Length == 0)
            return;
        Svg.InkText(writer, Left, ListTop, "closest to a limit:", ("font-weight", "bold"));
        for (int i = 0; i < tightest.Length; i++)
        {
            TightHost host = tightest[i];
            string tooMany = host.Left < 0 ? ", does not fit" : "";
            Svg.InkText(
                writer, Left, ListTop + (LineHeight * (i + 1)), $"{Svg.ShortName(host.Name)}: {host.Figures}{tooMany}",
                host.Left < 0 ? [("font-weight", "bold")] : []);
        }
    }

    private static string Percentiles(Distribution distribution, int unit)
    {
        if (distribution.Count == 0)
            return "no plans";
        IReadOnlyList<ulong?> values = distribution.Percentiles([5, 50, 95]);
        return FormattableString.Invariant($"half of {distribution.Count} plans have at most ")
            + $"{InUnit(values[1]!.Value, unit)}, 5 % at most {InUnit(values[0]!.Value, unit)}, "
            + $"95 % at most {InUnit(values[2]!.Value, unit)}";
    }

    private static string InUnit(decimal value, int unit) =>
        (value / unit).ToString("0.####", CultureInfo.InvariantCulture);
}
