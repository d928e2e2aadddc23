using System.Globalization;
using System.Xml;
using TdxPamt.Module;

namespace TdxPamt.Hosts.Drawing;

/// <summary>Draws what static PAMTs and Dynamic PAMT take, over the share of memory that is mapped in private 4K pages,
/// and where both take the same.</summary>
/// <remarks>SVG 1.1 without scripts, for light and dark screens. The same cost gives the same bytes. Without state, so
/// safe for many threads.</remarks>
public static class CostChart
{
    private const double Width = 520;
    private const double Height = 440;
    private const double Left = 84;
    private const double Right = 500;
    private const double Top = 132;
    private const double Bottom = 340;
    private const double LineHeight = 20;

    /// <summary>How many characters of a reason fit on a line.</summary>
    private const int LineLength = 72;

    private const string Style = """

        .tdxcost{font-family:sans-serif;font-size:13px}
        .tdxcost text{fill:#1f2328}
        .tdxcost .head{font-size:16px;font-weight:bold}
        .tdxcost .quiet{fill:#57606a}
        .tdxcost .end{text-anchor:end}
        .tdxcost .middle{text-anchor:middle}
        .tdxcost .paper{fill:#ffffff}
        .tdxcost .rule{stroke:#d0d7de}
        .tdxcost .axis{stroke:#57606a}
        .tdxcost .static{stroke:#d55e00;stroke-width:2.5;fill:none}
        .tdxcost .dynamic{stroke:#0072b2;stroke-width:2.5;stroke-dasharray:8 4;fill:none}
        .tdxcost .even{stroke:#57606a;stroke-dasharray:2 3}
        .tdxcost .point{fill:#0072b2}
        .tdxcost .meet{stroke:#1f2328;stroke-width:2;fill:none}
        @media screen and (prefers-color-scheme:dark){
        .tdxcost text{fill:#e6edf3}
        .tdxcost .quiet{fill:#9ea7b3}
        .tdxcost .paper{fill:#0d1117}
        .tdxcost .rule{stroke:#30363d}
        .tdxcost .axis,.tdxcost .even{stroke:#9ea7b3}
        .tdxcost .static{stroke:#ff9b5e}
        .tdxcost .dynamic{stroke:#79b8de}
        .tdxcost .point{fill:#79b8de}
        .tdxcost .meet{stroke:#e6edf3}
        }

        """;

    private static readonly int[] RoundSteps = [1, 2, 5, 10];

    /// <summary>Draws a machine's cost; of a plan that failed, only why.</summary>
    /// <param name="cost">The cost.</param>
    /// <param name="output">Where to write the drawing, in UTF-8; it is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="cost"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(HostCost cost, Stream output)
    {
        Preconditions.NotNull(cost, nameof(cost));
        Preconditions.NotNull(output, nameof(output));
        using XmlWriter writer = Svg.Document(output);
        Svg.Start(writer, "svg", ("version", "1.1"), ("width", Svg.Number(Width)), ("height", Svg.Number(Height)),
            ("viewBox", $"0 0 {Svg.Number(Width)} {Svg.Number(Height)}"),
            ("style", "width:100%;max-width:900px;height:auto"), ("class", "tdxcost"), ("role", "img"));
        string title = $"{Svg.ShortName(cost.Host.Name)}: what TDX costs";
        writer.WriteElementString("title", Svg.Namespace, title);
        Svg.Start(writer, "style");
        writer.WriteString(Style);
        writer.WriteEndElement();
        Svg.Element(
            writer, "rect", ("width", Svg.Number(Width)), ("height", Svg.Number(Height)), ("class", "paper"));
        Svg.Text(writer, 16, 28, title, ("class", "head"));
        Svg.Text(
            writer, 16, 48, $"kernel {cost.Plan.Kernel}, RAM {Quantities.Size(cost.Host.Memory.RamBytes)}",
            ("class", "quiet"));
        if (cost.Plan.Failure is { } failure)
            WriteReason(writer, $"there are no PAMTs to pay for: {failure}");
        else
            WriteChart(writer, cost);
        writer.WriteEndElement();
    }

    private static void WriteReason(XmlWriter writer, string reason)
    {
        double y = Top - LineHeight;
        foreach (string line in TextLines.Wrap(reason, LineLength))
            Svg.Text(writer, 16, y += LineHeight, line);
    }

    private static void WriteChart(XmlWriter writer, HostCost cost)
    {
        ulong high = Math.Max(cost.Cost.StaticBytes, cost.BytesAt(1));
        double step = Step(high, out string unit, out double unitBytes);
        double top = Math.Ceiling(high / unitBytes / step) * step * unitBytes;
        WriteAxes(writer, step, unit, unitBytes, top);
        double flat = Y(cost.Cost.StaticBytes, top);
        Line(writer, "static", Left, flat, Right, flat);
        Line(writer, "dynamic", Left, Y(cost.BytesAt(0), top), Right, Y(cost.BytesAt(1), top));
        foreach (double share in cost.Shares)
            Circle(writer, "point", X(share), Y(cost.BytesAt(share), top));
        double even = cost.BreakEvenShare;
        bool isEven = even is > 0 and < 1;
        if (isEven)
        {
            Line(writer, "even", X(even), Bottom, X(even), flat);
            Circle(writer, "meet", X(even), flat);
        }

        WriteLegend(writer, cost, isEven);
        WriteNotes(writer, cost);
    }

    private static void WriteAxes(XmlWriter writer, double step, string unit, double unitBytes, double top)
    {
        for (int i = 0; i * step * unitBytes <= top; i++)
        {
            double y = Y(i * step * unitBytes, top);
            Line(writer, "rule", Left, y, Right, y);
            Svg.Text(writer, Left - 8, y + 4, $"{Svg.Number(i * step)} {unit}", ("class", "end"));
        }

        for (int percent = 0; percent <= 100; percent += 20)
        {
            double x = X(percent / 100.0);
            Line(writer, "axis", x, Bottom, x, Bottom + 5);
            Svg.Text(
                writer, x, Bottom + 20, percent.ToString(CultureInfo.InvariantCulture), ("class", "middle"));
        }

        Line(writer, "axis", Left, Bottom, Right, Bottom);
        Line(writer, "axis", Left, Top, Left, Bottom);
        Svg.Text(
            writer, (Left + Right) / 2, Bottom + 40, "memory mapped in private 4K pages (%)", ("class", "middle"));
    }

    private static void WriteLegend(XmlWriter writer, HostCost cost, bool isEven)
    {
        DynamicPamtCost bytes = cost.Cost;
        double y = 70;
        Line(writer, "static", 16, y - 4, 52, y - 4);
        string share = Quantities.Percent((double)bytes.StaticBytes / cost.Host.Memory.RamBytes);
        Svg.Text(writer, 62, y, $"static PAMT: {Quantities.Size(bytes.StaticBytes)}, {share} of RAM");
        y += LineHeight;
        Line(writer, "dynamic", 16, y - 4, 52, y - 4);
        Svg.Text(writer, 62, y, $"Dynamic PAMT: {Quantities.Size(cost.BytesAt(0))} at 0 %, "
            + $"{Quantities.Size(cost.BytesAt(1))} at 100 %");
        y += LineHeight;
        if (isEven)
            Circle(writer, "meet", 34, y - 4);
        Svg.Text(writer, 62, y, isEven ? $"break-even: {Quantities.Percent(cost.BreakEvenShare)}"
            : cost.BreakEvenShare >= 1 ? "no break-even: Dynamic PAMT always takes less"
            : "no break-even: Dynamic PAMT always takes more");
    }

    private static void WriteNotes(XmlWriter writer, HostCost cost)
    {
        double y = Bottom + 64;
        Svg.Text(writer, 16, y, $"at 0 %: bitmaps {Quantities.Size(cost.Cost.BitmapBytes)}, "
            + $"2M and 1G PAMTs {Quantities.Size(cost.Cost.FixedBytes - cost.Cost.BitmapBytes)}, "
            + $"reference counts {Quantities.Size(cost.ReferenceCountBytes)}", ("class", "quiet"));
        if (cost.Host.MaxTds is { } tds)
        {
            Svg.Text(
                writer, 16, y + LineHeight, $"the KeyIDs allow {Quantities.Count(tds, "TD")}", ("class", "quiet"));
        }
    }

    /// <summary>A step that divides the axis of bytes into at most six.</summary>
    private static double Step(ulong high, out string unit, out double unitBytes)
    {
        (unit, unitBytes) = Unit(high);
        double widest = high / unitBytes / 6;
        double power = Math.Pow(10, Math.Floor(Math.Log10(widest)));
        return RoundSteps.Select(factor => factor * power).First(step => step >= widest);
    }

    /// <summary>The largest unit of which there are two or more, so that sizes close to one another differ.</summary>
    private static (string Unit, double Bytes) Unit(ulong bytes) =>
        bytes < 2UL << 20 ? ("KiB", 1024.0) : bytes < 2UL << 30 ? ("MiB", 1 << 20)
            : bytes < 2UL << 40 ? ("GiB", 1 << 30) : ("TiB", 1UL << 40);

    private static double X(double share) => Left + (share * (Right - Left));

    private static double Y(double bytes, double top) => Bottom - (bytes / top * (Bottom - Top));

    private static void Line(XmlWriter writer, string kind, double x1, double y1, double x2, double y2) =>
        Svg.Line(writer, x1, y1, x2, y2, ("class", kind));

    private static void Circle(XmlWriter writer, string kind, double x, double y) => Svg.Element(
        writer, "circle", ("cx", Svg.Number(x)), ("cy", Svg.Number(y)), ("r", kind == "meet" ? "6" : "3.5"),
        ("class", kind));
}
