using System.Security.Cryptography;
using System.Text;
using System.Xml;
using TdxPamt.Hosts.Drawing;
using TdxPamt.Planning;

namespace TdxPamt.Hosts.Report;

/// <summary>A plan as a web page in one file: summary, drawing, TDMRs, reserved areas and their causes, a comparison of
/// kernels and strategies, and the evidence.</summary>
/// <remarks>The page loads nothing, and its Content-Security-Policy forbids it to. All of it can be read without its
/// script, which adds sorting, zoom and tooltips. It is well-formed XML. The same input gives the same bytes. Without
/// state, so safe for many threads.</remarks>
public static class HtmlReport
{
    private static readonly string Script = HtmlWriter.Raw(Resource("report.js"));
    private static readonly string Styles = HtmlWriter.Raw(Resource("report.css"));

    /// <summary>Lets the page's own script run and no other, and loads nothing.</summary>
    private static readonly string Policy =
        $"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{Hash(Script)}'; "
        + "base-uri 'none'; form-action 'none'";

    /// <summary>Writes a report.</summary>
    /// <param name="plan">The plan; one that failed shows what the kernel would have needed.</param>
    /// <param name="output">Where to write the page, in UTF-8; it is left open.</param>
    /// <param name="simulation">A simulation of the host's memory in use, for a section of its own; null for no
    /// such section.</param>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> or <paramref name="output"/>
    /// is null.</exception>
    /// <exception cref="ArgumentException">The simulation holds null elsewhere than in its failure, or the host has
    /// more than <see cref="StrategyConstructor.MaxMemoryBlocks"/> memory blocks.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(HostPlan plan, Stream output, SimulationReport? simulation = null)
    {
        Preconditions.NotNull(plan, nameof(plan));
        Preconditions.NotNull(output, nameof(output));
        simulation?.ThrowIfNull();
        PlanComparison comparison = HostComparison.Create(plan.Host, plan.Module).Plans;
        XmlWriterSettings settings = new()
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            IndentChars = "",
            NewLineChars = "\n",
            OmitXmlDeclaration = true,
        };
        output.Write("<!DOCTYPE html>\n"u8); // XmlWriter would write it differently
        using XmlWriter xml = XmlWriter.Create(output, settings);
        HtmlWriter html = new(xml);
        html.Start("html", ("lang", "en"));
        WriteHead(html, $"{plan.Host.Name}: TDMRs and PAMTs, kernel {ReportText.KernelAndStrategies(plan)}");
        WriteBody(html, plan, comparison, simulation);
        html.End();
    }

    private static void WriteHead(HtmlWriter html, string title)
    {
        html.Start("head");
        html.Void("meta", ("charset", "utf-8"));
        html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
        html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
        html.Void("meta", ("name", "generator"), ("content", $"tdxpamt {ReportText.Version}"));
        html.Element("title", title);
        html.Code("style", Styles);
        html.End();
    }

    private static void WriteBody(
        HtmlWriter html, HostPlan plan, PlanComparison comparison, SimulationReport? simulation)
    {
        IReadOnlyList<ReportTdmr> tdmrs = ReportLayout.Create(plan);
        List<(string Id, string Heading, Action Write)> sections =
        [
            ("summary", "Summary", () => ReportSummary.Write(html, plan, tdmrs, comparison)),
            ("drawing", "Memory map", () => WriteDrawing(html, plan)),
            ("tdmrs", "TDMRs", () => ReportTdmrs.Write(html, plan, tdmrs)),
            ("areas", "Reserved areas", () => ReportAreas.Write(html, plan, tdmrs)),
            ("comparison", "Kernels and strategies", () => ReportComparison.Write(html, comparison)),
        ];
        if (simulation is not null)
            sections.Add(("fragmentation", "Fragmentation", () => ReportFragmentation.Write(html, simulation)));
        sections.Add(("evidence", "Evidence", () => ReportEvidence.Write(html, plan)));

        html.Start("body");
        html.Element("a", "Skip to the report", ("class", "skip"), ("href", "#main"));
        html.Start("header");
        html.Element("h1", plan.Host.Name);
        string kernel = ReportText.KernelAndStrategies(plan);
        html.Element("p", $"How a Linux host gives this machine's memory to the TDX module: kernel {kernel}.");
        html.Start("nav", ("aria-label", "Sections"));
        html.Start("ul");
        foreach ((string id, string heading, _) in sections)
        {
            html.Start("li");
            html.Element("a", heading, ("href", $"#{id}"));
            html.End();
        }

        html.End();
        html.End();
        html.End();
        html.Start("main", ("id", "main"), ("tabindex", "-1"));
        foreach ((string id, string heading, Action write) in sections)
        {
            html.Section(id, heading);
            write();
            html.End();
        }

        html.End();
        html.Start("footer");
        html.Element("p", $"Written by tdxpamt {ReportText.Version}. This file is complete: it loads nothing.");
        html.End();
        html.Start("div", ("id", "tooltip"), ("role", "tooltip"), ("hidden", "hidden"));
        html.End();
        html.Code("script", Script);
        html.End();
    }

    private static void WriteDrawing(HtmlWriter html, HostPlan plan)
    {
        html.Start("div", ("class", "zoom"), ("role", "toolbar"), ("aria-label", "Zoom"), ("hidden", "hidden"));
        Button("zoom-out", "Zoom out", "−");
        Button("zoom-in", "Zoom in", "+");
        Button("zoom-reset", "Zoom to fit", "100 %");
        html.Element("span", "Keys in the drawing: + − 0, arrows from area to area, Esc; Ctrl and wheel zooms.");
        html.End();
        html.Start("div", ("class", "drawing"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Drawing"));
        MemoryMap.WriteElement(plan, html.Xml);
        html.End();

        void Button(string id, string label, string text) => html.Element(
            "button", text, ("type", "button"), ("id", id), ("title", label), ("aria-label", label));
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string Hash(string text)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        return Convert.ToBase64String(hash.GetHashAndReset());
    }
}
