using System.Text;
using System.Text.Json;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Cli;

/// <summary>What an input does not say makes an answer unknown, and never a failure.</summary>
public class UnknownAnswerTests
{
    private const string Uneven = "hosts/uneven-8-node-496GiB.log";

    [Fact]
    public void a_plan_without_cmrs_says_so_and_check_does_not_reject_it()
    {
        Command.Run("plan", Uneven).Output
            .Should().Contain("not known whether TDX starts: the CMRs are not known\n");
        JsonElement plan = Command.Run("plan", "--format", "json", Uneven).Json(exitCode: 0);
        Names(plan).Should().Equal("cmrs");
        plan.GetProperty("unknownBecause").GetString().Should().Be("the CMRs are not known");

        byte[] document = Encoding.UTF8.GetBytes(plan.GetRawText());
        JsonElement verdict = Command.RunWithInput(document, "check", "-").Json(exitCode: 0);
        verdict.GetProperty("status").GetString().Should().Be("unknown");
        verdict.GetProperty("message").GetString().Should().Be("the CMRs are not known");
        Command.RunWithInput(document, "check", "--format", "text", "-").Output
            .Should().Be("uneven-8-node-496GiB: not known: the CMRs are not known\n");
    }

    [Fact]
    public void what_no_cmrs_would_make_good_is_rejected_all_the_same()
    {
        string plan = Texts.Json(HostPlan.Create(RealHosts.Describe("uneven-8-node-496GiB.log")))
            .Replace("\"base\":\"0x0\"", "\"base\":\"0x1000\"", StringComparison.Ordinal);

        Command.RunWithInput(Encoding.UTF8.GetBytes(plan), "check", "-").Json(exitCode: 1)
            .GetProperty("status").GetString().Should().Be("rejected");
    }

    [Fact]
    public void no_cmrs_that_are_given_as_none_are_none() =>
        Command.RunWithInput(
            """{"cmrs":[],"tdmrs":[{"base":"0x0","size":"0x40000000","reservedAreas":[]}]}"""u8.ToArray(), "check", "-")
            .Json(exitCode: 1).GetProperty("status").GetString().Should().Be("rejected");

    [Fact]
    public void kernels_that_go_by_cmrs_are_open_where_these_are_not_known()
    {
        JsonElement comparison = Command.Run("compare", "--format", "json", Uneven).Json(exitCode: 0);

        foreach (JsonElement candidate in comparison.GetProperty("candidates").EnumerateArray())
        {
            bool goesByCmrs = candidate.GetProperty("kernel").GetString() is "cmr-holes" or "cmr-holes-2024" or "v5"
                || candidate.GetProperty("strategy").GetString() == "holes-from-cmrs";
            candidate.GetProperty("status").GetString().Should().Be(goesByCmrs ? "unknown" : "constructed");
        }

        Command.Run("compare", "-q", Uneven).Output.Should().StartWith(
            "uneven-8-node-496GiB: it is not known whether mainline works on this machine, because the CMRs are not");
    }

    [Fact]
    public void mainline_is_not_said_to_fail_where_nodes_are_not_known_unless_the_log_says_it()
    {
        string log = File.ReadAllText(Texts.PathOf("fox-creek-pass.log"));
        string silent = string.Join('\n', log.Split('\n')
            .Where(static line => !line.Contains("failed", StringComparison.Ordinal)));

        HostComparison.Create(Texts.Read(silent)).Plans.Sentence.Should().StartWith(
            "it is not known whether mainline works on this machine, because the nodes are not known; as described it");
        HostComparison.Create(Texts.Read(log)).Plans.Sentence.Should().StartWith("mainline fails on this machine");
        HostPlan.Create(Texts.Read(silent)).Answer.Should().Be(HostAnswer.Unknown);
        HostPlan.Create(Texts.Read(log)).Answer.Should().Be(HostAnswer.No);
        HostPlan.Create(RealHosts.Describe(RealHosts.FoxCreekPass), KernelModel.CmrHoles).Answer
            .Should().Be(HostAnswer.Yes);
    }

    [Theory]
    [InlineData("fox-creek-pass.log", "nodes")]
    [InlineData("xeon-8480c-2-socket-256GiB.log", "memoryMap nodes")]
    [InlineData("snc-4-node-320GiB.log", "cmrs")]
    [InlineData("fox-creek-pass.json", "")]
    public void a_host_document_keeps_what_is_not_known(string file, string unknown)
    {
        HostDescription host = RealHosts.Describe(file);
        HostDescription again = HostReader.Read(Encoding.UTF8.GetBytes(Texts.Json(host)), "again.json");

        again.Unknown.Should().Equal(host.Unknown);
        again.NodesKnown.Should().Be(host.NodesKnown);
        JsonElement plan = JsonDocument.Parse(Texts.Json(HostPlan.Create(again))).RootElement;
        string.Join(' ', Names(plan)).Should().Be(unknown);
    }

    [Fact]
    public void what_can_be_unknown_is_one_of_three() =>
        Command.RunWithInput("""{"memory":[],"unknown":["fox"]}"""u8.ToArray(), "plan", "-")
            .ShouldBeRefused("unknown[0]: it must be memoryMap, nodes or cmrs");

    [Fact]
    public void a_plan_with_dynamic_pamt_says_what_comes_at_run_time() =>
        Command.Run("plan", "hosts/cases/18-dynamic-pamt.log").Output.Should().Contain(
            "that is Dynamic PAMT's fixed part; the kernel takes 512 KiB of reference counts at boot, and at run ");

    [Fact]
    public void a_failing_plan_and_comparison_end_with_actions()
    {
        const string Fox = "hosts/fox-creek-pass.json";
        foreach (string command in (string[])["plan", "compare"])
        {
            Command.Run(command, Fox).Output.Should().Contain("\n1. boot with memmap=4K$0x64158000: ");
            JsonDocument.Parse(Command.Run(command, "--format", "json", Fox).Output).RootElement
                .GetProperty("actions")[0].GetProperty("bootOption").GetString().Should().Be("memmap=4K$0x64158000");
        }
    }

    private static string?[] Names(JsonElement document) => document.TryGetProperty("unknown", out JsonElement unknown)
        ? [.. unknown.EnumerateArray().Select(static name => name.GetString())]
        : [];
}
