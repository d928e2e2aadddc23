using System.Xml;

namespace TdxPamt.Hosts.Drawing;

/// <summary>Draws a host's physical memory and its plan: nodes, RAM and holes, CMRs, TDMRs, PAMTs and
/// reserved areas.</summary>
/// <remarks>SVG without scripts. Things differ in shape or pattern too, not in colour alone. The same plan gives the
/// same bytes. Without state, so safe for many threads.</remarks>
public static class MemoryMap
{
    private const double Width = 1000;
    private const double FirstLine = 26;
    private const double LineHeight = 17;

    private const string Scale =
        "Not to scale: a range of twice the size is wider by a fixed step. Sizes are shown where there is room.";

    /// <summary>Draws a plan as a document of its own.</summary>
    /// <param name="plan">The plan; one that failed is drawn with the TDMRs that it would need.</param>
    /// <param name="output">Where to write the drawing, in UTF-8; it is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(HostPlan plan, Stream output)
    {
        Preconditions.NotNull(plan, nameof(plan));
        Preconditions.NotNull(output, nameof(output));
        using XmlWriter writer = Svg.Document(output);
        WriteElement(plan, writer);
    }

    /// <summary>Draws a plan as an svg element inside another document.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="writer">Where to write the element.</param>
    /// <param name="prefix">What its ids start with: a different one for each drawing of a page.</param>
    internal static void WriteElement(HostPlan plan, XmlWriter writer, string prefix = "map")
    {
        MapSubject subject = new(plan);
        MapCells cells = new(subject);
        List<MapRow> rows = MapRows.Create(subject, cells);
        MapHeading heading = new(subject);
        double top = FirstLine + (LineHeight * (2 + heading.Outcome.Count + heading.Notes.Count));
        double bottom = top + 8;
        foreach (MapRow row in rows)
        {
            row.Y = bottom;
            bottom += row.Height;
        }

        MapLegend legend = new(subject, cells);
        double height = bottom + legend.Height + 2 * LineHeight;
        Svg.Start(
            writer, "svg",
            ("class", "tdxmap"), ("width", Svg.Number(Width)), ("height", Svg.Number(height)),
            ("viewBox", $"0 0 {Svg.Number(Width)} {Svg.Number(height)}"), ("role", "img"),
            ("aria-labelledby", $"{prefix}-title {prefix}-desc"));
        MapCanvas canvas = new(writer, prefix);
        WriteNamed("title", heading.Title);
        WriteNamed("desc", $"{heading.Totals}. {string.Join(" ", heading.Outcome)}");
        MapStyle.Write(writer, prefix);
        canvas.Rect(0, 0, Width, height, pattern: null, "paper");
        WriteHeading(canvas, heading, plan.Works);
        new MapPainter(canvas, subject, cells, rows).Paint();
        canvas.Path($"M8,{Svg.Number(bottom)} H{Svg.Number(MapRow.Right)}", "rule");
        legend.Paint(canvas, bottom + 10);
        canvas.Text(8, height - 10, Scale, "quiet");
        writer.WriteEndElement();

        void WriteNamed(string name, string text)
        {
            Svg.Start(writer, name, ("id", $"{prefix}-{name}"));
            writer.WriteString(text);
            writer.WriteEndElement();
        }
    }

    private static void WriteHeading(MapCanvas canvas, MapHeading heading, bool isAcceptable)
    {
        double y = FirstLine;
        canvas.Text(8, y, heading.Title, "head");
        canvas.Text(8, y += LineHeight + 2, heading.Totals, "line");
        foreach (string line in heading.Outcome)
            canvas.Text(8, y += LineHeight, line, isAcceptable ? "line bold" : "line fault-text");
        foreach (string line in heading.Notes)
            canvas.Text(8, y += LineHeight, line, "quiet");
    }
}
