using System.Text;
using System.Text.Json;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Cli;

public class CompareCommandTests
{
    [Fact]
    public void the_cheapest_acceptable_candidate_comes_first_and_is_recommended()
    {
        JsonElement comparison = CompareFoxCreekPass();
        comparison.GetProperty("name").GetString().Should().Be("fox-creek-pass");
        comparison.GetProperty("recommended").GetInt32().Should().Be(0);
        JsonElement best = comparison.GetProperty("candidates")[0];
        Text(best, "kernel", "strategy", "status", "module")
            .Should().Equal("cmr-holes", "kernel", "constructed", "accepted");
        best.GetProperty("pamtKiB").GetInt32().Should().Be(RealHosts.FoxCreekPassKiB);
        best.GetProperty("tdmrs").GetInt32().Should().Be(5);
        best.GetProperty("mostReservedAreas").GetInt32().Should().Be(3);
    }

    [Fact]
    public void every_kernel_and_every_strategy_is_a_candidate()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "hosts"), "*.*o*"))
        {
            JsonElement comparison = Command.Run("compare", "--format", "json", file).Json(exitCode: 0);
            JsonElement[] candidates = [.. comparison.GetProperty("candidates").EnumerateArray()];
            candidates.Where(static candidate => Text(candidate, "strategy")[0] == "kernel")
                .Select(static candidate => Text(candidate, "kernel")[0])
                .Should().BeEquivalentTo(KernelModel.All.Select(static kernel => kernel.Name));
            candidates.Select(static candidate => Text(candidate, "strategy")[0])
                .Should().Contain(PlanStrategyNames.Each.Select(static strategy => strategy.Name()));
        }
    }

    [Fact]
    public void a_candidate_that_fails_says_why_and_a_kernel_what_would_have_to_go()
    {
        JsonElement failed = CompareFoxCreekPass().GetProperty("candidates").EnumerateArray().Single(
            static candidate => Text(candidate, "kernel", "strategy").SequenceEqual(["mainline", "kernel"]));
        failed.GetProperty("status").GetString().Should().Be("failed");
        Text(failed.GetProperty("error"), "code", "errno", "message").Should().Equal(
            "ReservedAreasExhausted", "ENOSPC", "TDMR [0x0, 0x80000000): reserved areas exhausted");
        JsonElement tdmr = failed.GetProperty("tdmrsNeeded")[0];
        tdmr.GetProperty("left").GetInt32().Should().Be(-1);
        Text(tdmr.GetProperty("holesToRemove")[0], "start", "end").Should().Equal("0x619e2000", "0x619ea000");
        failed.TryGetProperty("module", out _).Should().BeFalse();
    }

    [Fact]
    public void the_text_ends_in_one_sentence_for_a_report()
    {
        Command.Result result = Command.Run("compare", "hosts/fox-creek-pass.json");
        result.ExitCode.Should().Be(0);
        result.Errors.Should().BeEmpty();
        result.Output.Should().EndWith(
            "\n\nmainline fails on this machine "
            + "(TDMR [0x0, 0x80000000): reserved areas exhausted, 17 needed, 16 allowed); "
            + $"cmr-holes works as it is: {RealHosts.FoxCreekPassKiB} KiB of PAMTs in 5 of 64 TDMRs, "
            + "at most 3 of 16 reserved areas; "
            + "no RAM is excluded.\n");
    }

    [Fact]
    public void ram_that_a_candidate_excludes_is_in_the_text_and_named_in_json()
    {
        Command.Run("compare", "hosts/fox-creek-pass.json").Output
            .Should().MatchRegex("exclude-ram .* 4 KiB +accepted");
        JsonElement candidate = CompareFoxCreekPass().GetProperty("candidates").EnumerateArray()
            .Single(static each => Text(each, "strategy")[0] == "exclude-ram");
        Text(candidate.GetProperty("givenUp")[0], "start", "end").Should().Equal("0x64158000", "0x64159000");
    }

    [Fact]
    public void headroom_is_shown_for_each_kernel_that_takes_the_memory()
    {
        string text = Command.Run("compare", "--headroom", "hosts/fox-creek-pass.json").Output;
        text.Should().MatchRegex(@"mainline +reserved areas +17 of 16 +1 too many +TDMR \[0x0, 0x80000000\)")
            .And.MatchRegex(@"cmr-holes +TDMRs +5 of 64 +59 more nodes +all TDMRs")
            .And.MatchRegex("cmr-holes +GiB in TDMRs +256 of 65534 +65278 more GiB");
        JsonElement[] rows =
        [
            .. Command.Run("compare", "--headroom", "--format", "json", "hosts/uneven-8-node-496GiB.log")
                .Json(exitCode: 0).GetProperty("headroom").EnumerateArray(),
        ];
        rows.Select(static row => string.Join(' ', Text(row, "kernel", "resource"))).Should().Equal(
            "mainline holes", "mainline nodes", "mainline GiB");
        rows[0].GetProperty("left").GetInt32().Should().Be(12);
        Text(rows[0].GetProperty("tdmr"), "base", "size").Should().Equal("0x0", "0x80000000");
    }

    [Fact]
    public void a_machine_that_nothing_helps_ends_with_exit_code_1_and_no_recommendation()
    {
        byte[] host = """
            { "memory": [ { "start": "0x100000", "end": "0x40000000", "node": 0 } ],
              "cmrs": [ { "start": "0x80000000", "end": "0xc0000000" } ] }
            """u8.ToArray();
        Command.Result text = Command.RunWithInput(host, "compare", "-");
        text.ExitCode.Should().Be(1);
        text.Output.Should().EndWith("neither another kernel nor any strategy helps.\n");
        Command.RunWithInput(host, "compare", "--format", "json", "-").Json(exitCode: 1)
            .GetProperty("recommended").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public void options_override_what_the_document_says_of_its_module() =>
        Command.Run("compare", "--max-reserved-areas", "17", "hosts/fox-creek-pass.json").Output
            .Should().Contain("TDMR_INFO has room for 16 reserved areas");

    [Fact]
    public void several_hosts_in_json_give_one_document_on_each_line()
    {
        string[] hosts = ["hosts/fox-creek-pass.json", "hosts/fox-creek-pass.log"];
        string[] lines = Command.Run(["compare", "--format", "json", .. hosts]).Output.TrimEnd('\n').Split('\n');
        lines.Should().HaveCount(2).And.OnlyContain(
            static line => line.StartsWith("{\"name\":\"fox-creek-pass\",\"candidates\":["));
    }

    [Theory]
    [InlineData("Required argument", "compare")]
    [InlineData("no-such-file", "compare", "no-such-file")]
    [InlineData("--kernel", "compare", "--kernel", "mainline", "hosts/fox-creek-pass.json")]
    public void wrong_usage_is_refused_in_one_line(string named, params string[] arguments)
    {
        Command.Result result = Command.Run(arguments);
        result.ExitCode.Should().Be(2);
        result.Output.Should().BeEmpty();
        result.Errors.Should().MatchRegex($"^tdxpamt: [^\n]*{named}[^\n]*\n$");
    }

    [Theory]
    [InlineData("compare", "-")]
    [InlineData("plan", "--strategy", "split-tdmrs", "-")]
    [InlineData("draw", "-o", "never.html", "-")]
    public void a_host_of_too_many_blocks_to_search_is_refused_in_one_line(params string[] arguments)
    {
        Command.Result result = Command.RunWithInput(TooManyBlocks, arguments);
        result.ExitCode.Should().Be(2);
        result.Output.Should().BeEmpty();
        result.Errors.Should().Be(
            "tdxpamt: stdin: strategies are not searched for hosts of more than 8192 memory blocks\n");
        Command.RunWithInput(TooManyBlocks, "plan", "--ndjson", "--strategy", "split-tdmrs").Output
            .Should().MatchRegex("^\\{\"status\":\"invalid\",\"line\":1,[^\n]*more than 8192 memory blocks[^\n]*\n$");
        Command.RunWithInput(TooManyBlocks, "plan", "-").ExitCode.Should().Be(1);
    }

    private static byte[] TooManyBlocks => Encoding.UTF8.GetBytes(
        $"{{\"memory\":[{string.Join(',', Enumerable.Range(0, 8193).Select(static i =>
            $"{{\"start\":{0x100000 + (i * 0x2000)},\"end\":{0x101000 + (i * 0x2000)},\"node\":0}}"))}]}}");

    private static JsonElement CompareFoxCreekPass() =>
        Command.Run("compare", "--format", "json", "hosts/fox-creek-pass.json").Json(exitCode: 0);

    private static string[] Text(JsonElement element, params string[] properties) =>
        [.. properties.Select(property => element.GetProperty(property).GetString()!)];
}
