using System.Text;
using TdxPamt.Cli;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Cli;

public class PageOutcomeTests
{
    private const string CmrsCutShort = """
        { "name": "fox", "memory": [ { "start": "0x100000", "end": "0x80000000", "node": 0 } ],
          "cmrs": [ { "start": "0x100000", "end": "0x7ff00000" } ] }
        """;

    private const string WrongFigure = "CMR: [0x100000, 0x80000000)\nvirt/tdx: 8 KBs allocated for PAMT\n";
    private static readonly RealHost Xeon = RealHosts.Xeon;

    public static TheoryData<string, string, string> Lines { get; } = new()
    {
        { Xeon.File, "module: accepted", nameof(Outcome.Good) },
        { Xeon.File, $"log reports: {Xeon.PamtKiB} KB allocated for PAMT; the plan matches", nameof(Outcome.Good) },
        { Xeon.File, $"{Xeon.Name}: constructed, 3 TDMRs, 1.002 GiB of PAMTs", nameof(Outcome.Good) },
        { Xeon.File, "warning: *node 0*", nameof(Outcome.Warning) },
        { Xeon.File, $"{Xeon.Name}, kernel mainline, RAM *", nameof(Outcome.Neutral) },
        { RealHosts.FoxCreekPass, "initialization failed: *(ENOSPC)", nameof(Outcome.Bad) },
        { RealHosts.FoxCreekPass, "*: failed, TDMR *(ENOSPC)", nameof(Outcome.Bad) },
        { CmrsCutShort, "module: rejected, TDX_TDMR_OUTSIDE_CMRS *", nameof(Outcome.Bad) },
        { CmrsCutShort, "fox: rejected, TDX_TDMR_OUTSIDE_CMRS *", nameof(Outcome.Bad) },
        { WrongFigure, "log reports: 8 KB allocated for PAMT; the plan DOES NOT match", nameof(Outcome.Bad) },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void a_plan_says_how_each_line_is_to_be_taken(string host, string line, string outcome)
    {
        HostPlan plan = HostPlan.Create(Read(host));
        Page page = new();
        PlanText.Append(page, plan);
        PlanDetails.AppendOutcome(page, plan);
        page.Blocks.OfType<PageLine>().Should().Contain(it => IsLike(it.Text, line))
            .Which.Outcome.ToString().Should().Be(outcome);
    }

    [Fact]
    public void a_comparison_says_which_candidates_work()
    {
        Page page = new();
        CompareText.Append(page, HostComparison.Create(Read(RealHosts.FoxCreekPass)));
        PageCell[] outcomes = [.. page.Blocks.OfType<PageTable>().Single().Rows.Select(static row => row[^1])];
        outcomes.Select(static cell => (cell.Text, cell.Outcome)).Distinct().Should().BeEquivalentTo(
            [("accepted", Outcome.Good), ("fails", Outcome.Bad)]);
        outcomes.Should().OnlyContain(static cell => cell.Outcome == Outcome.Good == (cell.Note == null));
    }

    private static bool IsLike(string text, string pattern) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, text);

    /// <summary>Reads the file of a real machine, or a text of several lines.</summary>
    private static HostDescription Read(string host)
    {
        bool isFile = !host.Contains('\n');
        using MemoryStream stream = new(
            isFile ? File.ReadAllBytes($"hosts/{host}") : Encoding.UTF8.GetBytes(host));
        return HostReader.Read(stream, isFile ? host : "host");
    }
}
