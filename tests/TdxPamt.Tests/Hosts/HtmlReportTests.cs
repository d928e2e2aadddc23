using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Report;
using TdxPamt.Planning;
using TdxPamt.Simulation;

namespace TdxPamt.Tests.Hosts;

public partial class HtmlReportTests
{
    private const string Nasty = "<script>alert(1)</script> &amp; \"quoted\" \u0001 \ud800 \U0001F600";

    [Theory]
    [MemberData(nameof(RealHosts.OnEachKernel), MemberType = typeof(RealHosts))]
    public void every_tdmr_and_every_reserved_area_is_in_the_tables(string host, string kernel)
    {
        HostPlan plan = HostPlan.Create(RealHosts.Describe(host), Named.Kernel(kernel));
        XElement page = Parse(Write(plan));
        if (plan.IsConstructed)
        {
            string[][] tdmrs = Rows(Part(page, "tdmrs").Descendants("table").First());
            tdmrs.Select(static row => (row[1], row[3], row[4])).Should().Equal(plan.Tdmrs.Select(
                tdmr => (tdmr.Range.ToString(), Node(plan, tdmr.Node), tdmr.PamtChunk.ToString())));
            for (int i = 0; i < plan.Tdmrs.Count; i++)
            {
                Areas(page, i).Should().Equal(Expected(plan.Tdmrs[i].Range, plan.Tdmrs[i].ReservedAreas));
                Part(page, $"areas-{i}").Value.Should().Contain(
                    $"4K {plan.Tdmrs[i].Pamt4K}, 2M {plan.Tdmrs[i].Pamt2M}, 1G {plan.Tdmrs[i].Pamt1G}");
            }
        }
        else if (plan.Failure!.Code == TdmrFailureCode.ReservedAreasExhausted)
        {
            int tdmr = plan.Failure.TdmrIndex!.Value;
            Areas(page, tdmr).Should().Equal(Expected(plan.Failure.Range!.Value, plan.Failure.ReservedAreas));
            page.Value.Should().Contain(plan.Failure.Message);
        }
    }

    [Fact]
    public void areas_are_named_by_what_causes_them()
    {
        XElement page = Parse(Write(FoxCreekPass(KernelModel.CmrHoles)));
        Rows(Part(page, "areas-1").Descendants("table").Single()).Select(static row => row[4])
            .Should().Equal("PAMTs of TDMR 0", "PAMTs of TDMR 1", "hole in the CMRs");
        Rows(Part(page, "areas-0").Descendants("table").Single()).Select(static row => row[4])
            .Should().Equal(
                "first 1 MiB, which is no TDX memory", "hole in the CMRs, part of [0x6f800000, 0x100000000)");
        page = Parse(Write(FoxCreekPass(KernelModel.Mainline)));
        Rows(Part(page, "areas-0").Descendants("table").Single())
            .Single(static row => row[4].EndsWith("; without it the TDMR would fit", StringComparison.Ordinal))[1]
            .Should().Be("[0x619e2000, 0x619ea000)");
    }

    [Fact]
    public void a_plan_by_strategies_shows_its_own_tdmrs_and_areas_of_more_than_one_cause()
    {
        HostPlan plan = HostPlan.Create(
            RealHosts.Describe(RealHosts.FoxCreekPass),
            strategies: PlanStrategies.SplitTdmrs | PlanStrategies.MergeAreas | PlanStrategies.ThreeChunks
                | PlanStrategies.AdjacentPamts);
        XElement page = Parse(Write(plan));
        string[][] tdmrs = Rows(Part(page, "tdmrs").Descendants("table").First());
        tdmrs.Select(static row => row[1]).Should().Equal(plan.Tdmrs.Select(static tdmr => tdmr.Range.ToString()));
        for (int i = 0; i < plan.Tdmrs.Count; i++)
        {
            Areas(page, i).Should().HaveCount(plan.Tdmrs[i].ReservedAreas.Count);
            if (!plan.Tdmrs[i].HasPamtChunk)
                tdmrs[i][4].Should().Be($"{plan.Tdmrs[i].Pamt4K}, {plan.Tdmrs[i].Pamt2M}, {plan.Tdmrs[i].Pamt1G}");
        }

        page.Value.Should().Contain("kernel mainline with merge-areas+split-tdmrs+three-chunks+adjacent-pamts");
        page.Value.Should().MatchRegex("PAMTs of TDMR \\d+ and hole in memory");
    }

    [Fact]
    public void the_summary_says_what_comes_of_it_and_what_to_make_of_it()
    {
        Part(Parse(Write(FoxCreekPass(KernelModel.CmrHoles))), "summary").Value.Should().ContainAll(
            $"Works: {RealHosts.FoxCreekPassKiB} KB allocated for PAMT",
            "5 of 64",
            "3 of 16, in TDMR 1",
            "cmr-holes works as it is");
        HostPlan plan = HostPlan.Create(RealHosts.Describe(RealHosts.FoxCreekPassLog));
        Part(Parse(Write(plan)), "summary").Value.Should().ContainAll(
            "Fails: TDMR [0x0, 0x80000000): reserved areas exhausted (ENOSPC)",
            "18 of 16, in TDMR 0",
            "the plan matches",
            "the nodes are not known");
        plan = HostPlan.Create(Host("1M..1G, 2G..3G", "1M..1G, 2G..3G-16M"));
        Part(Parse(Write(plan)), "summary").Value.Should().Contain(
            "Rejected by the TDX module: TDX_TDMR_OUTSIDE_CMRS");
        plan = HostPlan.Create(Host("1M..1G", ""));
        Part(Parse(Write(plan)), "summary").Value.Should().ContainAll("Constructed: ", "the CMRs are not known");
        plan = HostPlan.Create(Host("4K..636K", ""));
        Part(Parse(Write(plan)), "tdmrs").Value.Should().Contain("no RAM at or above 1 MiB");
    }

    [Fact]
    public void kernels_and_strategies_are_compared_the_recommended_one_first()
    {
        XElement page = Parse(Write(FoxCreekPass(KernelModel.Mainline)));
        string[][] rows = Rows(Part(page, "comparison").Descendants("table").Single());
        rows.Should().HaveCount(15);
        rows[0].Should().Equal(
            "0", "cmr-holes", "kernel", "accepted; recommended", "1.002 GiB", "5", "3", "0 B");
        rows[5][3].Should().Be("fails: TDMR [0x0, 0x80000000): reserved areas exhausted, 17 needed, 16 allowed");
    }

    [Fact]
    public void the_evidence_is_the_machine_itself_and_reads_back()
    {
        foreach (string name in RealHosts.All)
        {
            HostDescription host = RealHosts.Describe(name);
            XElement evidence = Part(Parse(Write(HostPlan.Create(host))), "evidence");
            byte[] document = Encoding.UTF8.GetBytes(evidence.Descendants("pre").Single().Value);
            HostMemory read = HostDocument.Parse(document, name).Memory;
            read.Regions.Should().Equal(host.Memory.Regions);
            read.Cmrs.Should().Equal(host.Memory.Cmrs);
            evidence.Value.Should().ContainAll(
            [
                .. host.Memory.Regions.Select(static region => region.Range.ToString()),
                .. host.Memory.Cmrs.Select(static range => range.ToString()),
                .. host.Warnings,
            ]);
        }
    }

    [Fact]
    public void of_very_many_blocked_ranges_the_table_shows_the_first()
    {
        BlockedRange[] blocked =
        [
            .. Enumerable.Range(2048, 1001).Select(static page => new BlockedRange(
                AddressRange.Create((ulong)page * 0x2000, ((ulong)page * 0x2000) + 0x1000), BlockedKind.Unmovable)),
        ];
        HostMemory memory = HostMemory.Create(Machine.Regions("1M..1G"), blocked: blocked);
        XElement evidence = Part(Parse(Write(HostPlan.Create(new HostDescription("host", memory)))), "evidence");
        XElement table = evidence.Descendants("table").Single(
            static table => table.Element("caption")!.Value.Contains("first 1000 of 1001", StringComparison.Ordinal));
        Rows(table).Should().HaveCount(1000);
        Rows(table)[0].Should().Equal(blocked[0].Range.ToString(), "4 KiB", "unmovable");
    }

    [Fact]
    public void a_simulation_is_drawn_and_in_a_table_when_asked()
    {
        HostPlan plan = FoxCreekPass(KernelModel.CmrHoles);
        Parse(Write(plan)).Descendants().Attributes("id")
            .Should().NotContain(static id => id.Value == "fragmentation");
        PamtSimulation simulation = PamtSimulation.Create(plan.Host.Memory, kernel: plan.Kernel);
        SimulationReport report = new(plan.Host.Name, plan.Kernel, Trials: 20, Seed: 1)
        {
            Points =
            [
                .. new[] { 0, 0.04, 0.08 }.Select(fraction => new SimulationPoint(
                    AllocatorPolicy.Linux,
                    fraction,
                    simulation.Run(Fragmentation.Uniform(fraction), new() { Trials = 20 }))),
            ],
        };
        XElement part = Part(Parse(Write(plan, report)), "fragmentation");
        part.Descendants().Should().ContainSingle(static element => element.Name.LocalName == "polyline"
            && element.Attribute("points")!.Value.Split(' ', StringSplitOptions.None).Length == 3);
        Rows(part.Descendants("table").Single()).Select(static row => (row[0], row[1])).Should().Equal(
            ("0 %", "linux"), ("4 %", "linux"), ("8 %", "linux"));
        report = report with { Points = [], Failure = HostPlan.Create(Host("4K..636K", "")).Failure };
        Part(Parse(Write(plan, report)), "fragmentation").Value.Should().Contain("There is nothing to simulate");
    }

    [Fact]
    public void what_a_host_says_is_text_and_never_markup()
    {
        HostDescription host = Host("1M..1G", "") with { Name = Nasty, Warnings = [Nasty] };
        string html = Write(HostPlan.Create(host));
        XElement page = Parse(html);
        page.Descendants("script").Should().ContainSingle();
        page.Descendants("h1").Single().Value.Should().Be(
            "<script>alert(1)</script> &amp; \"quoted\" ? ? \U0001F600");
        Part(page, "map-title").Value.Should().Be(
            "<script>alert(1)</script> &amp; \"quoted\" ? ? \U0001F600: physical memory");
        html.Split("<script").Should().HaveCount(2);
    }

    [Fact]
    public void the_page_refers_to_nothing_outside_itself_and_forbids_it()
    {
        string html = Write(FoxCreekPass(KernelModel.CmrHoles));
        html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal)
            .Should().NotContainAny("http:", "https:", "//www", "@import");
        XElement page = Parse(html);
        HashSet<string> ids = [.. page.Descendants().Attributes("id").Select(static id => id.Value)];
        ids.Should().HaveCount(page.Descendants().Attributes("id").Count(), "each is there once");
        page.Descendants().Attributes().Where(static attribute => attribute.Name.LocalName is "href" or "src")
            .Should().OnlyContain(link => link.Value[0] == '#' && ids.Contains(link.Value.Substring(1)));
        Urls().Matches(html).Should().OnlyContain(url => ids.Contains(url.Groups["id"].Value));
        string script = html.Split("<script>")[1].Split("</script>")[0];
        string policy = page.Descendants("meta").Attributes("content").First().Value;
        policy.Should().StartWith("default-src 'none'; ")
            .And.Contain($"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'");
    }

    [Fact]
    public void every_table_and_section_says_what_it_is()
    {
        XElement page = Parse(Write(FoxCreekPass(KernelModel.CmrHoles)));
        page.Attribute("lang")!.Value.Should().Be("en");
        page.Descendants("table").Should().OnlyContain(static table =>
            table.Elements().First().Name.LocalName == "caption"
            && table.Descendants("th").All(static head => head.Attribute("scope") != null)
            && table.Descendants("tr").All(static row => row.Elements().First().Name.LocalName == "th"));
        foreach (XElement section in page.Descendants("section"))
            section.Element("h2")!.Attribute("id")!.Value.Should().Be(section.Attribute("aria-labelledby")!.Value);
        page.Descendants("details").Should().OnlyContain(static details => details.Attribute("open") != null);
    }

    [Fact]
    public void where_nodes_share_a_band_the_report_has_each_node_too()
    {
        XElement page = Parse(Write(HostPlan.Create(Texts.ReadFile("uneven-8-node-496GiB.log"))));
        XElement each = page.Descendants("details").Single(static details =>
            details.Attribute("class")?.Value == "every-node");
        each.Attribute("open").Should().BeNull();
        each.Value.Should().Contain("node 7").And.NotContain("nodes 1 to");
        page.Descendants("div").First(static div => div.Attribute("class")?.Value == "drawing").Value
            .Should().Contain("nodes 1 to");
    }

    [Fact]
    public void the_same_plan_gives_the_same_bytes_and_leaves_the_stream_open()
    {
        using MemoryStream stream = new();
        HtmlReport.Write(FoxCreekPass(KernelModel.Mainline), stream);
        stream.CanWrite.Should().BeTrue();
        Encoding.UTF8.GetString(stream.ToArray()).Should().Be(Write(FoxCreekPass(KernelModel.Mainline)))
            .And.StartWith("<!DOCTYPE html>\n<html lang=\"en\">").And.NotContain("\r");
    }

    private static HostPlan FoxCreekPass(KernelModel kernel) =>
        HostPlan.Create(RealHosts.Describe(RealHosts.FoxCreekPass), kernel);

    private static HostDescription Host(string memory, string cmrs) => new("host", Machine.Of(memory, cmrs));

    private static string Write(HostPlan plan, SimulationReport? simulation = null)
    {
        using MemoryStream stream = new();
        HtmlReport.Write(plan, stream, simulation);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static XElement Parse(string html) => XDocument.Parse(html).Root!;

    private static XElement Part(XElement page, string id) =>
        page.Descendants().Single(element => (string?)element.Attribute("id") == id);

    private static string[][] Rows(XElement table) =>
    [
        .. table.Element("tbody")!.Elements()
            .Select(static row => row.Elements().Select(static cell => cell.Value).ToArray()),
    ];

    private static IEnumerable<string> Areas(XElement page, int tdmr) =>
        Part(page, $"areas-{tdmr}").Descendants("table").SelectMany(Rows)
            .Select(static row => $"{row[1]} {row[3]} {(row[4][0] == 'P' ? "pamt" : "hole")}");

    private static IEnumerable<string> Expected(AddressRange tdmr, ValueList<ReservedArea> areas) =>
        areas.Select(area =>
        {
            AddressRange range = AddressRange.Create(tdmr.Start + area.Offset, tdmr.Start + area.Offset + area.Size);
            return $"{range} 0x{area.Offset:x} {(area.Source == ReservedAreaSource.Hole ? "hole" : "pamt")}";
        });

    private static string Node(HostPlan plan, int node) => plan.Host.NodesKnown ? $"{node}" : "not known";

    [GeneratedRegex(@"url\(#?(?<id>[^)]*)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Urls();
}
