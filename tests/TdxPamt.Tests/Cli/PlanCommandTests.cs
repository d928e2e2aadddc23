using System.Text;
using System.Text.Json;

namespace TdxPamt.Tests.Cli;

public class PlanCommandTests
{
    [Theory]
    [MemberData(nameof(RealHosts.Working), MemberType = typeof(RealHosts))]
    public void a_real_machine_costs_what_is_known_of_it_in_text_and_json(string file)
    {
        RealHost known = RealHosts.Known(file);
        Command.Result text = Command.Run("plan", $"hosts/{file}");
        text.ExitCode.Should().Be(0);
        text.Errors.Should().BeEmpty();
        text.Output.Should().Contain($"{known.PamtKiB} KB allocated for PAMT ({known.PamtKiB / 4} pages)");

        JsonElement plan = Command.Run("plan", "--format", "json", $"hosts/{file}").Json(exitCode: 0);
        plan.GetProperty("status").GetString().Should().Be("constructed");
        plan.GetProperty("kernel").GetString().Should().Be("mainline");
        plan.GetProperty("pamtKiB").GetUInt64().Should().Be(known.PamtKiB);
        plan.GetProperty("tdmrs").GetArrayLength().Should().Be(known.Tdmrs);
    }

    [Theory]
    [MemberData(nameof(RealHosts.Reported), MemberType = typeof(RealHosts))]
    public void a_log_that_holds_its_kernels_figure_is_matched(string file)
    {
        ulong kiB = RealHosts.Known(file).PamtKiB;
        Command.Run("plan", $"hosts/{file}").Output
            .Should().Contain($"log reports: {kiB} KB allocated for PAMT; the plan matches");
        JsonElement reported = Command.Run("plan", "--format", "json", $"hosts/{file}").Json(exitCode: 0)
            .GetProperty("reported");
        reported.GetProperty("pamtKiB").GetUInt64().Should().Be(kiB);
        reported.GetProperty("error").ValueKind.Should().Be(JsonValueKind.Null);
        reported.GetProperty("matches").GetBoolean().Should().BeTrue();
    }

    [Theory]
    [InlineData(RealHosts.FoxCreekPassLog)]
    [InlineData(RealHosts.FoxCreekPass)]
    public void fox_creek_pass_runs_out_of_reserved_areas_and_the_holes_to_blame_are_shown(string file)
    {
        Command.Result text = Command.Run("plan", $"hosts/{file}");
        text.ExitCode.Should().Be(1);
        text.Output.Should().Contain($"initialization failed: {RealHosts.FoxCreekPassFailure} (ENOSPC)")
            .And.MatchRegex("needs 1[78] reserved areas, the module takes 16")
            .And.Contain("[0x5d169000, 0x5d22b000)");

        JsonElement plan = Command.Run("plan", "--format", "json", $"hosts/{file}").Json(exitCode: 1);
        plan.GetProperty("status").GetString().Should().Be("failed");
        plan.TryGetProperty("tdmrs", out _).Should().BeFalse();
        JsonElement error = plan.GetProperty("error");
        error.GetProperty("code").GetString().Should().Be("ReservedAreasExhausted");
        error.GetProperty("errno").GetString().Should().Be("ENOSPC");
        error.GetProperty("tdmr").GetInt32().Should().Be(0);
        error.GetProperty("message").GetString().Should().Be(RealHosts.FoxCreekPassFailure);
    }

    [Fact]
    public void fox_creek_pass_failed_as_its_kernel_did() =>
        Command.Run("plan", "hosts/fox-creek-pass.log").Output
            .Should().Contain($"log reports: {RealHosts.FoxCreekPassFailure}; the plan matches");

    [Fact]
    public void fox_creek_pass_works_when_holes_come_from_cmrs()
    {
        string[] options = ["plan", "--kernel", "cmr-holes", "--format", "json"];
        JsonElement plan = Command.Run([.. options, "hosts/fox-creek-pass.json"]).Json(exitCode: 0);
        plan.GetProperty("pamtKiB").GetInt64().Should().Be(RealHosts.FoxCreekPassKiB);
        plan.GetProperty("tdmrs").GetArrayLength().Should().Be(5);
    }

    [Theory]
    [InlineData("--max-tdmrs", "1", "--max-reserved-areas", "0")]
    [InlineData("--max-tdmrs", "65535", "--max-reserved-areas", "65535")]
    public void the_module_takes_limits_at_the_ends_of_their_intervals(params string[] options) =>
        Command.Run(["plan", .. options, "hosts/fox-creek-pass.json"]).ExitCode.Should().BeInRange(0, 1);

    [Fact]
    public void where_nodes_are_unknown_the_text_warns() =>
        Command.Run("plan", "hosts/xeon-8480c-2-socket-256GiB.log").Output
            .Should().Contain("memory from CMRs alone").And.MatchRegex("warning: .*node 0");

    [Fact]
    public void options_override_the_document()
    {
        Command.Run("plan", "--max-reserved-areas", "17", "hosts/fox-creek-pass.json").Output
            .Should().Contain("17 of 17");
        Command.Run("plan", "--max-tdmrs", "4", "--max-reserved-areas", "17", "hosts/fox-creek-pass.json").Output
            .Should().Contain("TDMRs exhausted");
        Command.Run("plan", "--dynamic-pamt", "hosts/xeon-8480c-2-socket-256GiB.log").Output
            .Should().Contain("10252 KB allocated for PAMT");
    }

    [Theory]
    [InlineData("split-tdmrs", "split-tdmrs", 1050648, 6)]
    [InlineData("holes-from-cmrs", "holes-from-cmrs", RealHosts.FoxCreekPassKiB, RealHosts.FoxCreekPassTdmrs)]
    [InlineData(
        "adjacent-pamts,merge-areas,three-chunks",
        "merge-areas+three-chunks+adjacent-pamts",
        RealHosts.FoxCreekPassKiB,
        RealHosts.FoxCreekPassTdmrs)]
    [InlineData(
        "merge-areas+holes-from-cmrs",
        "holes-from-cmrs+merge-areas",
        RealHosts.FoxCreekPassKiB,
        RealHosts.FoxCreekPassTdmrs)]
    public void strategies_are_applied_by_hand_and_the_module_takes_what_they_give(
        string given, string name, int kiB, int tdmrs)
    {
        string[] options = ["plan", "--strategy", given, "hosts/fox-creek-pass.json"];
        JsonElement plan = Command.Run([.. options, "--format", "json"]).Json(exitCode: 0);
        plan.GetProperty("strategy").GetString().Should().Be(name);
        plan.GetProperty("pamtKiB").GetInt32().Should().Be(kiB);
        plan.GetProperty("tdmrs").GetArrayLength().Should().Be(tdmrs);
        plan.GetProperty("check").GetProperty("status").GetString().Should().Be("accepted");
        plan.TryGetProperty("givenUp", out _).Should().BeFalse();
        Command.Run(options).Output.Should().Contain($"kernel mainline with {name}, ")
            .And.Contain("module: accepted").And.NotContain("excluded");
        byte[] host = Encoding.UTF8.GetBytes(File.ReadAllText("hosts/fox-creek-pass.json").ReplaceLineEndings(" "));
        Command.RunWithInput(host, "plan", "--ndjson", "--strategy", given).Json(exitCode: 0)
            .GetProperty("pamtKiB").GetInt32().Should().Be(kiB);
    }

    [Fact]
    public void ram_that_a_strategy_excludes_is_named()
    {
        string[] options = ["plan", "--strategy", "exclude-ram", "hosts/fox-creek-pass.json"];
        Command.Run(options).Output.Should().Contain(
            "4 KiB of RAM excluded, for Linux to keep from its page allocator: [0x64158000, 0x64159000)\n");
        JsonElement lost = Command.Run([.. options, "--format", "json"]).Json(exitCode: 0).GetProperty("givenUp")[0];
        (lost.GetProperty("start").GetString(), lost.GetProperty("end").GetString())
            .Should().Be(("0x64158000", "0x64159000"));
    }

    [Fact]
    public void a_strategy_that_does_not_help_fails_like_a_kernel()
    {
        Command.Result result = Command.Run("plan", "--strategy", "join-tdmrs", "hosts/fox-creek-pass.log");
        result.ExitCode.Should().Be(1);
        result.Output.Should().Contain("TDMR 0 needs 18 reserved areas, the module takes 16")
            .And.Contain("log reports: ").And.NotContain("; the plan");
    }

    [Fact]
    public void a_failure_is_explained_by_what_uses_each_area_and_by_what_would_have_to_go()
    {
        string[] lines = Command.Run("plan", "hosts/fox-creek-pass.log").Output.Split('\n');
        lines.Should().Contain(static line => line.EndsWith("  PAMTs of TDMR 0"))
            .And.Contain("it would fit without the holes [0x5e5b3000, 0x5e5c3000), [0x619e2000, 0x619ea000)")
            .And.Contain(static line =>
                line.Contains("[0x0, 0x80000000)") && line.EndsWith("18 of 16        2 too many"));
    }

    [Fact]
    public void what_uses_the_areas_of_a_tight_tdmr_is_shown_too() =>
        Command.Run("plan", "--max-reserved-areas", "5", "hosts/xeon-8480c-2-socket-256GiB.log").Output
            .Should().Contain("\nTDMR 1 has 1 reserved area left:\n").And.Contain("  PAMTs of TDMR 2\n")
            .And.NotContain("TDMR 0 has");

    [Fact]
    public void a_figure_that_the_map_does_not_give_is_explained_by_tdmrs_that_would()
    {
        const string Log = """
            virt/tdx: CMR: [0x100000, 0x77800000)
            virt/tdx: CMR: [0x100000000, 0x1ffe000000)
            virt/tdx: CMR: [0x4000000000, 0x6000000000)
            virt/tdx: CMR: [0x8000000000, 0x8080000000)
            virt/tdx: 1050644 KBs allocated for PAMT

            """;
        const string Explanation = "1050644 KB were reported, but the memory map gives 1050640 KB; "
            + "TDMRs split into [0x0, 0x40000000) + [0x40000000, 0x80000000) would explain it.";
        Command.RunWithInput(Encoding.UTF8.GetBytes(Log), "plan").Output.Should().EndWith(
            "log reports: 1050644 KB allocated for PAMT; the plan DOES NOT match\n"
            + $"{Explanation}\n"
            + "not known whether TDX starts: there is no memory map, the nodes are not known\n");
        Command.RunWithInput(Encoding.UTF8.GetBytes(Log), "plan", "--format", "json").Json(exitCode: 0)
            .GetProperty("reported").GetProperty("explanation").GetString().Should().Be(Explanation);
    }

    [Fact]
    public void several_files_in_json_give_one_document_on_each_line_in_order()
    {
        string[] hosts = ["hosts/fox-creek-pass.json", "hosts/uneven-8-node-496GiB.log"];
        Command.Result result = Command.Run(["plan", "--format", "json", .. hosts]);
        result.ExitCode.Should().Be(1);
        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        lines.Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("status").GetString())
            .Should().Equal("failed", "constructed");
    }

    [Fact]
    public void standard_input_is_read_where_a_file_is_a_dash_or_none_is_given()
    {
        byte[] log = RealHosts.Bytes(RealHosts.Uneven.File);
        string total = $"{RealHosts.Uneven.PamtKiB} KB";
        Command.RunWithInput(log, "plan", "-").Output.Should().Contain(total);
        Command.RunWithInput(log, "plan").Output.Should().Contain(total);
    }

    [Fact]
    public void a_stream_of_documents_gives_a_stream_of_plans_and_names_the_bad_lines()
    {
        string host = File.ReadAllText("hosts/fox-creek-pass.json").ReplaceLineEndings(" ");
        Command.Result result = Command.RunWithInput(
            Encoding.UTF8.GetBytes($"{host}\nnonsense\n\n{host}\n"), "plan", "--ndjson", "--kernel", "cmr-holes");
        result.ExitCode.Should().Be(2);
        JsonElement[] lines =
        [
            .. result.Output.TrimEnd('\n').Split('\n').Select(static line => JsonDocument.Parse(line).RootElement),
        ];
        lines.Select(static line => line.GetProperty("status").GetString())
            .Should().Equal("constructed", "invalid", "invalid", "constructed");
        lines.Where(static line => line.TryGetProperty("line", out _))
            .Select(static line => line.GetProperty("line").GetInt32())
            .Should().Equal(2, 3);
        Command.RunWithInput(Encoding.UTF8.GetBytes(host), "plan", "--ndjson").ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\0\u0001\u0002", "no text")]
    [InlineData("nothing of use\n", "no")]
    [InlineData("{", "JSON")]
    [InlineData("""{ "memory": 5 }""", "memory")]
    [InlineData("""{ "memory": [ { "start": "0x0", "end": "0x1800", "node": 0 } ] }""", "memory[0]")]
    [InlineData("""{ "memory": [ { "start": "0x0", "end": "0x20000000000000", "node": 0 } ] }""", "2^52")]
    [InlineData(
        """
        { "memory": [ { "start": "0x0", "end": "0x2000", "node": 0 },
                      { "start": "0x1000", "end": "0x3000", "node": 1 } ] }
        """,
        "[0x0, 0x2000)")]
    [InlineData("""{ "memory": [], "kernel": "6.9" }""", "kernel")]
    [InlineData("""{ "memory": [], "nodes": [] }""", "nodes")]
    [InlineData("00000000-00000000 : System RAM\n", "root")]
    [InlineData("BIOS-e820: [mem 0x0000000000100000-0x00000\n", ":1: ")]
    public void bad_input_is_refused_in_one_line(string input, string reason)
    {
        Command.Result result = Command.RunWithInput(Encoding.UTF8.GetBytes(input), "plan", "-");
        result.ShouldBeRefused(reason);
        result.Errors.Should().StartWith("tdxpamt: stdin:");
    }

    [Theory]
    [InlineData("no-such-file", "plan", "no-such-file")]
    [InlineData("hosts", "plan", "hosts")]
    [InlineData("@: no such file", "plan", "@")]
    [InlineData("@hosts: no such file", "plan", "@hosts")]
    [InlineData("--format", "plan", "--format", "yaml", "hosts/fox-creek-pass.json")]
    [InlineData("--kernel", "plan", "--kernel", "7.0", "hosts/fox-creek-pass.json")]
    [InlineData("--max-tdmrs: 0 must be a whole number from 1 to 65535", "plan", "--max-tdmrs", "0", "-")]
    [InlineData("--max-tdmrs: 65536 must be", "plan", "--max-tdmrs", "65536", "-")]
    [InlineData("--max-reserved-areas: 65536 must be", "plan", "--max-reserved-areas", "65536", "-")]
    [InlineData("--max-reserved-areas", "plan", "--max-reserved-areas", "x", "hosts/fox-creek-pass.json")]
    [InlineData("--strategy: magic must be kernel or some of holes-from-cmrs, ", "plan", "--strategy", "magic", "-")]
    [InlineData("--wrong", "plan", "--wrong")]
    [InlineData("plam", "plam")]
    public void wrong_usage_is_refused_in_one_line(string named, params string[] arguments) =>
        Command.Run([.. arguments.Where(static argument => argument.Length > 0)]).ShouldBeRefused(named);
}
