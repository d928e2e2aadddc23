using System.Text.Json;
using System.Xml.Linq;

namespace TdxPamt.Tests.Cli;

public class SimulateCommandTests
{
    private const string FoxCreekPass = "hosts/fox-creek-pass.json";

    [Fact]
    public void json_has_a_point_with_its_interval()
    {
        Command.Result result = Simulate("--format", "json", "--unmovable", "0.045", "--trials", "200", "--seed", "7");

        result.ExitCode.Should().Be(0);
        result.Errors.Should().BeEmpty();
        JsonElement report = JsonDocument.Parse(result.Output).RootElement;
        report.GetProperty("name").GetString().Should().Be("fox-creek-pass");
        report.GetProperty("trials").GetInt32().Should().Be(200);
        report.GetProperty("seed").GetInt32().Should().Be(7);
        report.TryGetProperty("thresholds", out _).Should().BeFalse();
        JsonElement point = report.GetProperty("points").EnumerateArray().Should().ContainSingle().Subject;
        point.TryGetProperty("allocator", out _).Should().BeFalse("it is linux alone");
        point.GetProperty("unmovable").GetRawText().Should().Be("0.045");
        int successes = point.GetProperty("successes").GetInt32();
        successes.Should().BeInRange(40, 130);
        point.GetProperty("probability").GetDouble().Should().Be(successes / 200.0);
        point.GetProperty("low").GetDouble().Should().BeLessThan(successes / 200.0);
        point.GetProperty("high").GetDouble().Should().BeGreaterThan(successes / 200.0);
        point.GetProperty("offNode").GetDouble().Should().BeInRange(0.1, 0.9);
        point.GetProperty("failuresByTdmr").EnumerateArray().Sum(static count => count.GetInt32())
            .Should().Be(200 - successes);
    }

    [Fact]
    public void a_sweep_has_exact_points_for_each_allocator()
    {
        JsonElement[] points = Points(Simulate(
            "--format", "json", "--sweep", "0.001:0.004:0.001", "--trials", "5", "--allocator", "best-fit,linux"));
        points.Select(static point => point.GetProperty("unmovable").GetRawText())
            .Should().Equal("0.001", "0.002", "0.003", "0.004", "0.001", "0.002", "0.003", "0.004");
        points.Select(static point => point.GetProperty("allocator").GetString())
            .Distinct(StringComparer.Ordinal)
            .Should().Equal("best-fit", "linux");
    }

    [Theory]
    [InlineData("0:1:0.3333333333", 4)]
    [InlineData("0:1:0.3333334", 4)]
    [InlineData("0:1:0.4", 3)]
    [InlineData("0.5:0.5:1", 1)]
    [InlineData("1e-3:2e-3:5e-4", 3)]
    public void a_sweep_ends_at_its_end_up_to_rounding(string sweep, int points) =>
        Points(Simulate("--format", "json", "--sweep", sweep, "--trials", "1")).Should().HaveCount(points);

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("csv")]
    public void the_output_is_the_same_on_any_number_of_threads_and_in_any_run(string format)
    {
        string[] arguments =
        [
            "--sweep", "0.04:0.05:0.005", "--trials", "100", "--allocator", "all", "--run-length", "1.5",
            "--format", format,
        ];
        Command.Result result = Simulate([.. arguments, "--threads", "1"]);
        result.ExitCode.Should().Be(0);
        result.Output.Should().NotBeEmpty();
        Simulate([.. arguments, "--threads", "2"]).Should().Be(result);
        Simulate(arguments).Should().Be(result);
    }

    [Fact]
    public void csv_has_a_header_and_a_line_for_each_point()
    {
        string[] lines = Simulate("--format", "csv", "--sweep", "0:0.01:0.01", "--trials", "10").Output.Split('\n');
        lines.Should().Equal(
            "allocator,unmovable,trials,successes,probability,low,high,offNode,failuresByTdmr",
            "linux,0,10,10,1,0.7224672001371107,1,0,0 0 0 0 0",
            "linux,0.01,10,10,1,0.7224672001371107,1,0,0 0 0 0 0",
            "");
    }

    [Fact]
    public void text_says_which_tdmr_failed_how_often_and_what_the_kernel_makes_of_the_host()
    {
        Command.Result result = Command.Run("simulate", FoxCreekPass, "--unmovable", "0.5", "--trials", "10");
        result.ExitCode.Should().Be(0);
        result.Output.Should().Contain("linux      0.5        0 % ")
            .And.MatchRegex("TDMR 1 +\\[0x100000000, 0x1080000000\\) +62 GiB +10\n")
            .And.Contain("warning: this kernel fails on the host as it is: "
                + "TDMR [0x0, 0x80000000): reserved areas exhausted");
    }

    [Fact]
    public void a_threshold_comes_with_its_uncertainty()
    {
        string[] arguments = ["--threshold", "0.5", "--trials", "50"];
        JsonElement threshold = JsonDocument.Parse(Simulate([.. arguments, "--format", "json"]).Output).RootElement
            .GetProperty("thresholds").EnumerateArray().Should().ContainSingle().Subject;
        double found = threshold.GetProperty("unmovable").GetDouble();
        found.Should().BeInRange(0.03, 0.06);
        threshold.GetProperty("level").GetDouble().Should().Be(0.5);
        threshold.GetProperty("low").GetDouble().Should().BeLessThan(found);
        threshold.GetProperty("high").GetDouble().Should().BeGreaterThan(found);
        Simulate(arguments).Output.Should().Contain("50 % succeed up to this fraction");
    }

    [Fact]
    public void pagetypeinfo_gives_the_fraction()
    {
        Command.InFolder(folder =>
        {
            string file = Path.Combine(folder, "pagetypeinfo");
            File.WriteAllText(file, string.Concat(Enumerable.Range(0, 4).Select(PageTypeInfo)));
            JsonElement point = Points(Simulate("--format", "json", "--pagetypeinfo", file, "--trials", "10"))
                .Should().ContainSingle().Subject;
            point.GetProperty("unmovable").GetDouble().Should().Be(0.1);
            point.GetProperty("successes").GetInt32().Should().Be(0);

            File.WriteAllText(file, PageTypeInfo(node: 0));
            Simulate("--pagetypeinfo", file).ShouldBeRefused("it says nothing of node 1");
            File.WriteAllText(file, "nothing");
            Simulate("--pagetypeinfo", file).ShouldBeRefused($"{file}:1: there is no section");
        });

        static string PageTypeInfo(int node) => (node > 0 ? "" : """
            Page block order: 9
            Pages per block:  512

            Number of blocks type     Unmovable      Movable  Reclaimable

            """) + $"Node {node}, zone   Normal         1000         9000            0\n";
    }

    [Theory]
    [InlineData("31-linux-7.3-whole.log", "--unmovable 0.9", "boot-reservation", 20)]
    [InlineData("31-linux-7.3-whole.log", "--unmovable 0.9 --allocator linux", null, 0)]
    [InlineData("31-linux-7.3-whole.log", "--unmovable 0.9 --kernel 6.8", null, 0)]
    [InlineData("32-memoryless-node.log", "--unmovable 0.9 --kernel 7.1", "boot-reservation", 20)]
    [InlineData("32-memoryless-node.log", "--unmovable 0.9 --kernel dynamic-pamt", "boot-reservation", 20)]
    [InlineData("32-memoryless-node.log", "--unmovable 0.9", null, 0)]
    [InlineData("32-memoryless-node.log", "", "boot-reservation", 20)]
    public void a_kernel_that_takes_pamts_at_boot_meets_the_state_at_boot(
        string log, string options, string? allocator, int successes)
    {
        string[] words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        JsonElement report = Command.Run(
            ["simulate", "hosts/cases/" + log, "--format", "json", "--trials", "20", .. words]).Json(exitCode: 0);

        JsonElement point = report.GetProperty("points")[0];
        (point.TryGetProperty("allocator", out JsonElement name) ? name.GetString() : null).Should().Be(allocator);
        point.GetProperty("successes").GetInt32().Should().Be(successes);
        string warnings = report.TryGetProperty("warnings", out JsonElement all) ? all.GetRawText() : "";
        warnings.Contains("comes too late to matter", StringComparison.Ordinal)
            .Should().Be(report.GetProperty("kernel").GetString() != "6.8");
    }

    [Theory]
    [InlineData("21-pagetypeinfo-quoted.txt", "0.3424", "node 0 has 2439 page blocks in pagetypeinfo and 130731")]
    [InlineData("22-pagetypeinfo-two.txt", "0.0411", "has several dumps of pagetypeinfo: the last one counts")]
    public void a_posted_pagetypeinfo_is_read_and_what_is_odd_is_said(string file, string fraction, string warning)
    {
        Command.Result result = Command.Run(
            "simulate", "hosts/xeon-8480c-2-socket-256GiB.log", "--pagetypeinfo", Texts.PathOf("cases/" + file),
            "--trials", "1");

        result.Output.Should().Contain($" {fraction} ").And.Contain(warning);
    }

    [Fact]
    public void the_chart_is_well_formed_and_the_same_in_any_run()
    {
        Command.InFolder(folder =>
        {
            string[] files = [Path.Combine(folder, "1.svg"), Path.Combine(folder, "2.svg")];
            foreach (string file in files)
            {
                Simulate("--sweep", "0.03:0.05:0.005", "--trials", "50", "--allocator", "all", "-o", file)
                    .ExitCode.Should().Be(0);
            }

            File.ReadAllBytes(files[0]).Should().Equal(File.ReadAllBytes(files[1]));
            XElement svg = XDocument.Load(files[0]).Root!;
            svg.Name.LocalName.Should().Be("svg");
            svg.Descendants().Should().NotContain(static element => element.Name.LocalName == "script");
            svg.Descendants().Count(static element => element.Attribute("fill-opacity") is not null).Should().Be(5);
            svg.Descendants().Attributes("stroke-dasharray").Select(static dashes => dashes.Value)
                .Distinct(StringComparer.Ordinal)
                .Should().HaveCount(5);
            svg.Value.Should().Contain("fox-creek-pass").And.Contain("boot-reservation").And.Contain("(%)");
        });
    }

    [Fact]
    public void a_host_that_cannot_be_configured_is_an_answer()
    {
        Command.Result json = Simulate("--max-tdmrs", "3", "--format", "json");
        json.ExitCode.Should().Be(1);
        JsonElement report = JsonDocument.Parse(json.Output).RootElement;
        report.GetProperty("status").GetString().Should().Be("failed");
        report.GetProperty("error").GetProperty("code").GetString().Should().Be("TdmrsExhausted");
        Command.Result text = Simulate("--max-tdmrs", "3");
        text.ExitCode.Should().Be(1);
        text.Output.Should().Contain("initialization failed: TDMRs exhausted (ENOSPC)");
        Simulate("--max-tdmrs", "3", "--format", "csv").ExitCode.Should().Be(1);
    }

    [Theory]
    [InlineData("--unmovable", "--unmovable", "1.5")]
    [InlineData("--unmovable", "--unmovable", "NaN")]
    [InlineData("--unmovable", "--unmovable", "-0.1")]
    [InlineData("--run-length", "--run-length", "0.5")]
    [InlineData("--trials", "--trials", "0")]
    [InlineData("--seed", "--seed", "x")]
    [InlineData("--threads", "--threads", "1025")]
    [InlineData("--threshold", "--threshold", "1")]
    [InlineData("--allocator", "--allocator", "linux,worst-fit")]
    [InlineData("--format", "--format", "xml")]
    [InlineData("--sweep", "--sweep", "0:0.1")]
    [InlineData("--sweep", "--sweep", "0.2:0.1:0.1")]
    [InlineData("--sweep", "--sweep", "0:0.1:0")]
    [InlineData("--sweep", "--sweep", "0:1:1e-9")]
    [InlineData("--sweep", "--sweep", "0:0.1:0.1", "--unmovable", "0.1")]
    [InlineData("--sweep", "--sweep", "0:0.1:0.1", "--pagetypeinfo", "x")]
    [InlineData("--output", "-o", "x.svg")]
    [InlineData("--format csv", "--threshold", "0.9", "--format", "csv")]
    [InlineData("no-such-file", "--pagetypeinfo", "no-such-file")]
    public void wrong_usage_is_refused_in_one_line(string named, params string[] arguments) =>
        Simulate(arguments).ShouldBeRefused(named);

    [Fact]
    public void an_interrupt_prints_what_is_done_so_far()
    {
        Command.Result result = Command.Interrupt(
            "simulate", FoxCreekPass, "--unmovable", "0.045", "--trials", "2000000000", "--threads", "1",
            "--format", "json");
        result.ExitCode.Should().Be(130);
        JsonElement report = JsonElement.Parse(result.Output);
        report.GetProperty("complete").GetBoolean().Should().BeFalse();
        report.GetProperty("points")[0].GetProperty("trials").GetInt32().Should().BeInRange(1, 1999999999);
    }

    [Fact]
    public void an_interrupt_does_not_wait_for_a_trial_of_4_PiB() => Command.InFolder(folder =>
    {
        string host = Path.Combine(folder, "host.json");
        File.WriteAllText(host, """{"memory":[{"start":1048576,"end":4503599627370496,"node":0}]}""");
        Command.Result result = Command.Interrupt(
            "simulate", host, "--unmovable", "0.5", "--trials", "1", "--threads", "1", "--format", "json");
        result.ExitCode.Should().Be(130);
        JsonElement.Parse(result.Output).GetProperty("points").GetArrayLength().Should().Be(0);
    });

    private static Command.Result Simulate(params string[] arguments) =>
        Command.Run(["simulate", FoxCreekPass, "--kernel", "cmr-holes", .. arguments]);

    private static JsonElement[] Points(Command.Result result)
    {
        result.ExitCode.Should().Be(0);
        return [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("points").EnumerateArray()];
    }
}
