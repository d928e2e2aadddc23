using System.Text;
using System.Xml.Linq;

namespace TdxPamt.Tests.Cli;

/// <summary>From a stream of hosts to rows, a summary and a picture, as docs/fleet.md shows it.</summary>
public class FleetTests
{
    private const string Fails = "hosts/fox-creek-pass.json";

    [Fact]
    public void a_row_tells_of_each_host_and_cells_are_quoted()
    {
        string log = $"hosts/{RealHosts.Xeon.File}";
        Command.Result files = Command.Run("plan", "--csv", Fails, "none", log);
        files.Errors.Should().BeEmpty();
        files.ExitCode.Should().Be(2);
        string[] rows = files.Output.TrimEnd('\n').Split('\n');
        rows[0].Should().Be(
            "name,kernel,status,code,ram,pamtKiB,dynamicPamtKiB,tdmrs,mostReservedAreas,evidence,matches");
        rows[1].Should().Be("fox-creek-pass,mainline,failed,ReservedAreasExhausted,274212126720,,,,,document,");
        rows[2].Should().Be("none,,invalid,no such file,,,,,,,");
        rows[3].Should().MatchRegex(
            $"^xeon-8480c-2-socket-256GiB,mainline,constructed,,[0-9]+,{RealHosts.Xeon.PamtKiB},10252,3,4,cmrs,true$");

        const string Odd = """{"name":"a \"b\", c","memory":[{"start":0,"end":1073741824,"node":0}],"cmrs":[]}""";
        const string Rejected = """
            {"name":"r","memory":[{"start":0,"end":1073741824,"node":0}],"cmrs":[{"start":0,"end":4096}]}
            """;
        Command.Result lines = Command.RunWithInput(
            Encoding.UTF8.GetBytes($"{Odd}\n{{\n{Rejected}\n"), "plan", "--ndjson", "--csv");
        lines.ExitCode.Should().Be(2);
        rows = lines.Output.TrimEnd('\n').Split('\n');
        rows[1].Should().StartWith("\"a \"\"b\"\", c\",mainline,constructed,,1072693248,4108,");
        rows[2].Should().StartWith("stdin:2,,invalid,not valid JSON: Expected depth");
        rows[3].Should().StartWith("r,mainline,rejected,TDX_PAMT_OUTSIDE_CMRS,1072693248,4108,");
    }

    [Fact]
    public void a_summary_counts_causes_and_names_who_is_close_to_a_limit()
    {
        Command.Result result = Command.Run("plan", "--summary", Fails, "none", $"hosts/{RealHosts.Uneven.File}");
        result.ExitCode.Should().Be(2);
        result.Errors.Should().StartWith("tdxpamt: none: no such file");
        result.Output.Should().StartWith("3 hosts: 1 constructed, 1 failed, 1 invalid\n  ReservedAreasExhausted: 1\n")
            .And.MatchRegex(@"\nPAMTs( +1\.941 GiB){7}\n")
            .And.Contain("\n  fox-creek-pass: 17 of 16 reserved areas\n  uneven-8-node-496GiB: ");
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("cost")]
    public void parts_of_a_stream_add_up_to_the_whole_byte_for_byte(string command) => Command.InFolder(folder =>
    {
        string fox = File.ReadAllText(Fails).ReplaceLineEndings(" ");
        File.WriteAllText(Path.Combine(folder, "hosts.ndjson"), string.Concat(Enumerable.Range(0, 200).Select(
            number => (number % 9) switch
            {
                0 => "nonsense\n",
                1 => fox + "\n",
                _ => $"{{\"name\":\"h{number % 40}\",\"memory\":[{{\"start\":0,"
                    + $"\"end\":{((number % 7) + 1L) << 30},\"node\":0}}]}}\n",
            })));
        Command.Result result = Shell.Run($"""
            cd '{folder}'
            split -n l/4 hosts.ndjson part-
            for part in part-a?; do tdxpamt {command} --ndjson --summary --format json "$part" > "$part.json"; done
            tdxpamt summary --merge --format json part-*.json > merged.json
            tdxpamt {command} --ndjson --summary --format json hosts.ndjson > whole.json
            cmp merged.json whole.json && tdxpamt summary whole.json
            """);
        result.Errors.Should().BeEmpty();
        result.ExitCode.Should().Be(0);
        result.Output.Should().StartWith("200 hosts: ").And.Contain("invalid");
    });

    [Fact]
    public void a_picture_comes_with_the_summary_or_with_the_rows_and_is_that_of_the_docs() =>
        Command.InFolder(folder =>
        {
            Command.Result summary = Shell.Run($"tdxpamt plan -o '{folder}/a.svg' tests/hosts/*.log");
            summary.Output.Should().StartWith("6 hosts: ");
            string drawn = File.ReadAllText(Path.Combine(folder, "a.svg"));
            XDocument.Parse(drawn).Root!.Value.Should().Contain("closest to a limit:")
                .And.Contain("the module takes 16")
                .And.Contain("fox-creek-pass: 18 of 16 reserved areas, does not fit");
            drawn.Should().Be(File.ReadAllText(Path.Combine(Repository.Root, "docs/fleet.svg")));
            Shell.Run($"tdxpamt plan --csv -o '{folder}/b.svg' tests/hosts/*.log").Output.Should().StartWith("name,");
            File.ReadAllText(Path.Combine(folder, "b.svg")).Should().Be(drawn);
        });

    [Fact]
    public void what_no_tdmr_info_holds_is_named_as_the_cause_everywhere()
    {
        string[] asked = ["--max-reserved-areas", "18", Fails];
        Command.Run(["plan", "--csv", .. asked]).Output.Should().Contain(",rejected,TooManyAreas,");
        Command.Run(["plan", "--summary", .. asked]).Output.Should().Contain("\n  TooManyAreas: 1\n");
        Command.Run(["plan", "--verbose", .. asked, Fails]).Errors.Should().Contain("2 failed (TooManyAreas 2)");
        Command.Run(["doctor", "--format", "json", .. asked]).Output.Should()
            .Contain("planned: a TDMR_INFO has room for 16 reserved areas, and a TDMR needs 17");
    }

    [Fact]
    public void a_sum_of_more_hosts_than_can_be_counted_is_refused() => Command.InFolder(folder =>
    {
        string file = Path.Combine(folder, "many.json");
        File.WriteAllText(file, """
            {"hosts":4611686018427387904,"ram":"0x1","statuses":{"failed":4611686018427387904},"causes":{},
            "distributions":{},"tightest":[]}
            """);
        Command.Run("summary", "--merge", file, file, file)
            .ShouldBeRefused("many.json: hosts: with those before it, there are 2^63 or more");
    });

    [Theory]
    [InlineData("--csv and --summary exclude one another", "plan", "--csv", "--summary", Fails)]
    [InlineData("--csv is a format of its own", "plan", "--csv", "--format", "json", Fails)]
    [InlineData("--csv is a format of its own", "cost", "--csv", "--format", "csv", Fails)]
    [InlineData("--summary is text or json", "plan", "--summary", "--format", "binary", Fails)]
    [InlineData("--summary is text or json", "cost", "--summary", "--format", "csv", Fails)]
    [InlineData("--ndjson writes to standard output", "plan", "--ndjson", "--csv", "-o", "rows.csv", Fails)]
    [InlineData("several summaries are added up by --merge", "summary", Fails, Fails)]
    [InlineData("there is no such property", "summary", Fails)]
    public void what_does_not_go_together_is_refused(string reason, params string[] arguments) =>
        Command.Run(arguments).ShouldBeRefused(reason);
}
