using System.Globalization;
using System.Xml;

namespace TdxPamt.Hosts.Drawing;

/// <summary>Draws how the share of successful trials falls as more page blocks become unmovable: one curve with
/// its 95 % band for each allocator policy.</summary>
/// <remarks>SVG 1.1 without scripts. Curves differ in colour, dashes and markers. The same report gives the same bytes.
/// Without state, so safe for many threads.</remarks>
public static class SimulationChart
{
    private const double Width = 760;
    private const double Height = 440;
    private const double Left = 70;
    private const double Right = 560;
    private const double Top = 60;
    private const double Bottom = 370;
    private const int MaxMarkers = 20;

    /// <summary>Colour and dashes, by curve; the marker goes with them.</summary>
    private static readonly (string Colour, string Dashes)[] Styles =
    [
        ("#0072b2", "none"), ("#d55e00", "8 4"), ("#009e73", "2 3"), ("#cc79a7", "10 3 2 3"), ("#7f6000", "14 5"),
    ];

    private static readonly int[] RoundSteps = [10, 5, 2, 1];

    /// <summary>Draws the points of a report.</summary>
    /// <param name="report">The report; without points, the axes alone are drawn.</param>
    /// <param name="output">Where to write the drawing, in UTF-8; it is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="report"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="ArgumentException">The report holds null elsewhere than in its failure.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(SimulationReport report, Stream output)
    {
        Preconditions.NotNull(report, nameof(report));
        Preconditions.NotNull(output, nameof(output));
        report.ThrowIfNull();
        using XmlWriter writer = Svg.Document(output);
        WriteElement(report, writer);
    }

    /// <summary>Draws the points of a report as an svg element inside another document.</summary>
    /// <param name="report">The report.</param>
    /// <param name="writer">Where to write the element.</param>
    internal static void WriteElement(SimulationReport report, XmlWriter writer)
    {
        double low = report.Points.Select(static point => point.Unmovable).DefaultIfEmpty(0).Min();
        double high = report.Points.Select(static point => point.Unmovable).DefaultIfEmpty(1).Max();
        Scale scale = new(low, high);
        Svg.Start(writer, "svg", ("version", "1.1"), ("width", Svg.Number(Width)), ("height", Svg.Number(Height)),
            ("viewBox", $"0 0 {Svg.Number(Width)} {Svg.Number(Height)}"),
            ("font-family", "sans-serif"), ("font-size", "12"));
        string title = $"{Svg.ShortName(report.Name)}: do the PAMTs still fit?";
        writer.WriteElementString("title", Svg.Namespace, title);
        Svg.Element(writer, "rect", ("width", Svg.Number(Width)), ("height", Svg.Number(Height)), ("fill", "#ffffff"));
        Svg.InkText(writer, Left, 26, title, ("font-size", "16"));
        string trials = report.Trials.ToString(CultureInfo.InvariantCulture);
        string seed = report.Seed.ToString(CultureInfo.InvariantCulture);
        Svg.InkText(
            writer, Left, 45, $"kernel {report.Kernel}, {trials} trials a point, seed {seed}; bands: 95 % interval");
        WriteAxes(writer, scale);
        AllocatorPolicy[] policies = [.. report.Points.Select(static point => point.Allocator).Distinct()];
        SimulationPoint[][] curves =
        [
            .. policies.Select(policy => report.Points.Where(point => point.Allocator == policy).ToArray()),
        ];
        for (int i = 0; i < curves.Length; i++)
            WriteBand(writer, curves[i], i, scale);
        for (int i = 0; i < curves.Length; i++)
        {
            WriteCurve(writer, curves[i], i, scale);
            WriteLegend(writer, policies[i].Name, i);
        }

        writer.WriteEndElement();
    }

    private static void WriteAxes(XmlWriter writer, Scale scale)
    {
        for (int percent = 0; percent <= 100; percent += 20)
        {
            double y = Y(percent / 100.0);
            Svg.Line(writer, Left, y, Right, y, ("stroke", "#dddddd"));
            string label = percent.ToString(CultureInfo.InvariantCulture);
            Svg.InkText(writer, Left - 8, y + 4, label, ("text-anchor", "end"));
        }

        foreach (double tick in scale.Ticks())
        {
            double x = scale.X(tick);
            Svg.Line(writer, x, Bottom, x, Bottom + 5, ("stroke", Svg.Ink));
            string label = (100 * tick).ToString("0.######", CultureInfo.InvariantCulture);
            Svg.InkText(writer, x, Bottom + 20, label, ("text-anchor", "middle"));
        }

        Svg.Line(writer, Left, Bottom, Right, Bottom, ("stroke", Svg.Ink));
        Svg.Line(writer, Left, Top, Left, Bottom, ("stroke", Svg.Ink));
        double centre = (Left + Right) / 2;
        Svg.InkText(
            writer, centre, Bottom + 45, "2 MiB page blocks with an unmovable page (%)", ("text-anchor", "middle"));
        string middle = Svg.Number((Top + Bottom) / 2);
        Svg.InkText(writer, 24, (Top + Bottom) / 2, "trials in which all PAMTs find room (%)",
            ("text-anchor", "middle"), ("transform", $"rotate(-90 24 {middle})"));
    }

    private static void WriteBand(XmlWriter writer, SimulationPoint[] curve, int style, Scale scale)
    {
        IEnumerable<string> upper = curve.Select(point => At(scale.X(point.Unmovable), Y(point.Result.Success.High)));
        IEnumerable<string> lower = curve.Select(point => At(scale.X(point.Unmovable), Y(point.Result.Success.Low)));
        Svg.Element(writer, "polygon", ("points", string.Join(" ", upper.Concat(lower.Reverse()))),
            ("fill", Style(style).Colour), ("fill-opacity", "0.2"), ("stroke", "none"));
    }

    private static void WriteCurve(XmlWriter writer, SimulationPoint[] curve, int style, Scale scale)
    {
        IEnumerable<string> points = curve.Select(point => At(scale.X(point.Unmovable), Y(point.Result.Success.Value)));
        WriteStroke(writer, string.Join(" ", points), style);
        int step = ((curve.Length - 1) / MaxMarkers) + 1;
        for (int i = 0; i < curve.Length; i += step)
            WriteMarker(writer, scale.X(curve[i].Unmovable), Y(curve[i].Result.Success.Value), style);
    }

    private static void WriteLegend(XmlWriter writer, string name, int style)
    {
        double y = Top + 12 + (22 * style);
        WriteStroke(writer, $"{At(Right + 20, y)} {At(Right + 70, y)}", style);
        WriteMarker(writer, Right + 45, y, style);
        Svg.InkText(writer, Right + 80, y + 4, name);
    }

    private static void WriteStroke(XmlWriter writer, string points, int style) => Svg.Element(writer, "polyline",
        ("points", points), ("fill", "none"), ("stroke", Style(style).Colour), ("stroke-width", "2"),
        ("stroke-dasharray", Style(style).Dashes));

    private static void WriteMarker(XmlWriter writer, double x, double y, int style)
    {
        (double X, double Y)[] corners = (style % Styles.Length) switch
        {
            1 => [(-4, -4), (4, -4), (4, 4), (-4, 4)],
            2 => [(0, -5), (5, 4), (-5, 4)],
            3 => [(0, -5.5), (5.5, 0), (0, 5.5), (-5.5, 0)],
            4 => [(-5, -4), (5, -4), (0, 5)],
            _ => [],
        };
        string colour = Style(style).Colour;
        if (corners.Length == 0)
        {
            Svg.Element(writer, "circle", ("cx", Svg.Number(x)), ("cy", Svg.Number(y)), ("r", "4"), ("fill", colour));
            return;
        }

        string points = string.Join(" ", corners.Select(corner => At(x + corner.X, y + corner.Y)));
        Svg.Element(writer, "polygon", ("points", points), ("fill", colour));
    }

    private static (string Colour, string Dashes) Style(int curve) => Styles[curve % Styles.Length];

    private static double Y(double share) => Bottom - (share * (Bottom - Top));

    private static string At(double x, double y) => $"{Svg.Number(x)},{Svg.Number(y)}";

    /// <summary>The axis of fractions.</summary>
    private readonly struct Scale(double low, double high)
    {
        /// <summary>A single fraction gets some room around it.</summary>
        private readonly double _low = low < high ? low : Math.Max(0, low - 0.001);
        private readonly double _high = low < high ? high : high + 0.001;

        internal double X(double unmovable) => Left + ((unmovable - _low) / (_high - _low) * (Right - Left));

        /// <summary>Five to ten round numbers.</summary>
        internal IEnumerable<double> Ticks()
        {
            double power = Math.Pow(10, Math.Floor(Math.Log10(_high - _low)) - 1);
            double widest = (_high - _low) / 5;
            double step = RoundSteps.Select(factor => factor * power).First(step => step <= widest * 1.000001);
            double first = Math.Ceiling((_low / step) - 0.000001);
            double last = Math.Floor((_high / step) + 0.000001);
            return Enumerable.Range(0, (int)(last - first) + 1).Select(i => (first + i) * step);
        }
    }
}
