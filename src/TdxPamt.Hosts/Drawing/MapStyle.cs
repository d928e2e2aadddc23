using System.Xml;

namespace TdxPamt.Hosts.Drawing;

/// <summary>The colours and patterns of a map. Each pattern is legible without its colour.</summary>
internal static class MapStyle
{
    /// <summary>The rules hold within a map alone, whatever page it stands in.</summary>
    private const string Light = """
        .tdxmap{font-family:sans-serif;font-size:10px}
        .tdxmap text{fill:#1f2328}
        .tdxmap .quiet{fill:#57606a}
        .tdxmap .middle{text-anchor:middle}
        .tdxmap .end{text-anchor:end}
        .tdxmap .head{font-size:18px;font-weight:bold}
        .tdxmap .line{font-size:12px}
        .tdxmap .bold{font-weight:bold}
        .tdxmap .paper,.tdxmap .tag{fill:#ffffff}
        .tdxmap .rule{stroke:#d0d7de;fill:none}
        .tdxmap .tick,.tdxmap .break{stroke:#57606a;fill:none}
        .tdxmap .ram .shape{fill:#9ccbe8;stroke:#31708f}
        .tdxmap .lowram .shape{fill:#e3f0f8;stroke:#31708f;stroke-dasharray:2 2}
        .tdxmap .hole .shape{stroke:#6e7781;stroke-dasharray:3 2}
        .tdxmap .pamt .shape{stroke:#8a3b00;stroke-width:1.4}
        .tdxmap .cmr .shape{stroke:#00695c;stroke-width:1.8;fill:none}
        .tdxmap .tdmr .shape{stroke:#1f2328;stroke-width:1.6;fill:none}
        .tdxmap .area .shape{stroke:#5e3c99}
        .tdxmap .summary .shape{stroke:#57606a;stroke-dasharray:1 2}
        .tdxmap .blocked .shape{stroke:none}
        .tdxmap .fault .shape{stroke:#b00020;stroke-width:3;stroke-dasharray:none}
        .tdxmap .fault text,.tdxmap .fault-text{fill:#b00020;font-weight:bold}
        .tdxmap .blame .shape{fill:#b00020;stroke:#b00020}
        .tdxmap .blame text{fill:#ffffff;font-weight:bold}
        .tdxmap .ground-hole{fill:#ffffff}
        .tdxmap .ground-pamt{fill:#ffd8a8}
        .tdxmap .ground-area{fill:#f0eaf8}
        .tdxmap .ink-hole{stroke:#8c959f;fill:none}
        .tdxmap .ink-pamt{stroke:#a34700;fill:none}
        .tdxmap .ink-area{stroke:#7b5cb0;fill:none}
        .tdxmap .dot-area{fill:#5e3c99}
        .tdxmap .ink-summary{fill:#9ccbe8}
        .tdxmap .ink-blocked{fill:#1f2328}

        """;

    private const string Dark = """
        .tdxmap text{fill:#e6edf3}
        .tdxmap .quiet{fill:#9ea7b3}
        .tdxmap .paper,.tdxmap .tag,.tdxmap .ground-hole{fill:#0d1117}
        .tdxmap .rule{stroke:#30363d}
        .tdxmap .tick,.tdxmap .break{stroke:#9ea7b3}
        .tdxmap .ram .shape{fill:#215a7e;stroke:#79b8de}
        .tdxmap .lowram .shape{fill:#132f42;stroke:#79b8de}
        .tdxmap .hole .shape,.tdxmap .summary .shape{stroke:#9ea7b3}
        .tdxmap .pamt .shape{stroke:#ffb36b}
        .tdxmap .cmr .shape{stroke:#4fd1c0}
        .tdxmap .tdmr .shape{stroke:#e6edf3}
        .tdxmap .area .shape{stroke:#c5aef0}
        .tdxmap .fault .shape{stroke:#ff7b8a}
        .tdxmap .fault text,.tdxmap .fault-text{fill:#ff7b8a}
        .tdxmap .blame .shape{fill:#ff7b8a;stroke:#ff7b8a}
        .tdxmap .blame text{fill:#0d1117}
        .tdxmap .ground-pamt{fill:#4a2600}
        .tdxmap .ground-area{fill:#241a38}
        .tdxmap .ink-hole{stroke:#6e7781}
        .tdxmap .ink-pamt{stroke:#ffb36b}
        .tdxmap .ink-area{stroke:#a98be0}
        .tdxmap .dot-area{fill:#c5aef0}
        .tdxmap .ink-summary{fill:#215a7e}
        .tdxmap .ink-blocked{fill:#e6edf3}
        """;

    /// <summary>In print, shades and dashes stand in for patterns, with which a page takes many megabytes.</summary>
    private const string Print = """
        .tdxmap [fill$="-hole)"],.tdxmap [fill$="-summary)"]{fill:#ffffff}
        .tdxmap [fill$="-pamt)"]{fill:#ffd8a8}
        .tdxmap [fill$="-areahole)"]{fill:#f0eaf8}
        .tdxmap [fill$="-areapamt)"]{fill:#b9a3de}
        .tdxmap [fill$="-blocked)"]{fill:#1f2328}
        """;

    internal static void Write(XmlWriter writer, string prefix)
    {
        Svg.Start(writer, "style");
        writer.WriteString($"\n{Light}@media screen and (prefers-color-scheme:dark){{\n{Dark}\n}}\n"
            + $"@media print{{\n{Print}\n}}\n");
        writer.WriteEndElement();
        Svg.Start(writer, "defs");
        Pattern("hole", 6, "ground-hole", "ink-hole", "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2");
        Pattern("pamt", 5, "ground-pamt", "ink-pamt", "M0,0 l5,5 M5,0 l-5,5");
        Pattern("areahole", 5, "ground-area", "ink-area", "M-1,4 l2,2 M0,0 l5,5 M4,-1 l2,2");
        Pattern("areapamt", 4, "ground-area", "dot-area", "M1,1 h1.6 v1.6 h-1.6 z");
        Pattern("summary", 6, "ground-hole", "ink-summary", "M0,0 h3 v6 h-3 z");
        Pattern("blocked", 4, "ground-hole", "ink-blocked", "M0,0 h2 v2 h-2 z M2,2 h2 v2 h-2 z");
        writer.WriteEndElement();

        void Pattern(string name, int size, string ground, string ink, string path)
        {
            string side = Svg.Number(size);
            Svg.Start(
                writer, "pattern", ("id", $"{prefix}-{name}"), ("width", side), ("height", side),
                ("patternUnits", "userSpaceOnUse"));
            Svg.Element(writer, "rect", ("width", side), ("height", side), ("class", ground));
            Svg.Element(writer, "path", ("d", path), ("class", ink));
            writer.WriteEndElement();
        }
    }
}
