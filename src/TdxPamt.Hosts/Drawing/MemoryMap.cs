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

    /// <summary>Draws a plan as a document of its own.</summary>
    /// <param name="plan">The plan; one that failed is drawn with the TDMRs that it would need.</param>
    /// <param name="output">Where to write the drawing, in UTF-8; it is left open.</param>
    /// <param name="everyNode">Whether each node of a machine of more than four has a band of its own; otherwise one
    /// band stands for all nodes that look the same.</param>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(HostPlan plan, Stream output, bool everyNode = false)
    {
        Preconditions.NotNull(plan, nameof(plan));
        Preconditions.NotNull(output, nameof(output));
        using XmlWriter writer = Svg.Document(output);
        WriteElement(plan, writer, everyNode: everyNode);
    }

    /// <summary>Draws a plan as an svg element inside another document.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="writer">Where to write the element.</param>
    /// <param name="prefix">What its ids start with: a different one for each drawing of a page.</param>
    /// <param name="everyNode">Whether each node has a band of its own.</param>
    /// <returns>Whether a band stands for several nodes.</returns>
    internal static bool WriteElement(
        HostPlan plan, XmlWriter writer, string prefix = "map", bool everyNode = false)
    {
        MapSubject subject = new(plan);
        MapCells cells = new(subject);
        MapBands bands = everyNode ? MapBands.OfEach(cells) : MapBands.OfAlike(subject, cells);
        List<MapRow> rows = MapRows.Create(subject, cells, bands);
        MapHeading heading = new(subject);
        MapLegend legend = new(subject, cells);
        double top = FirstLine + (LineHeight * (2 + heading.Outcome.Count + heading.Notes.Count));
        double bottom = top + legend.Height + 18;
        foreach (MapRow row in rows)
        {
            row.Y = bottom;
            bottom += row.Height;
        }

        double height = bottom + 2;
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
        legend.Paint(canvas, top);
        new MapPainter(canvas, subject, cells, rows, bands).Paint();
        writer.WriteEndElement();
        return bands.HasFolded;

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
