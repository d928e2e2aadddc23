using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TdxPamt.Tests.Cli;

/// <summary>Many files and streams, alike for the five commands that take them.</summary>
public class ManyInputsTests
{
    private const string Fails = "hosts/fox-creek-pass.json";
    private const string Works = "hosts/uneven-8-node-496GiB.log";

    private static readonly JsonSerializerOptions Unescaped = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string Document => File.ReadAllText(Fails).ReplaceLineEndings(" ");

    [Theory]
    [InlineData("plan")]
    [InlineData("compare")]
    [InlineData("simulate --trials 5")]
    [InlineData("cost")]
    public void a_bad_file_among_many_costs_its_own_line(string command)
    {
        string[] files = [Works, "no-such-file", Works];
        Command.Result json = Command.Run([.. command.Split(' '), "--format", "json", .. files]);
        json.ExitCode.Should().Be(2);
        json.Errors.Should().BeEmpty();
        string[] lines = json.Output.TrimEnd('\n').Split('\n');
        lines.Should().HaveCount(3);
        lines[1].Should().Be("""{"status":"invalid","file":"no-such-file","message":"no such file"}""");
        lines[2].Should().Be(lines[0]).And.StartWith("""{"name":"uneven-8-node-496GiB",""");

        Command.Result text = Command.Run([.. command.Split(' '), .. files]);
        text.ExitCode.Should().Be(2);
        text.Errors.Should().Be("tdxpamt: no-such-file: no such file" + Environment.NewLine);
        string one = Command.Run([.. command.Split(' '), Works]).Output;
        text.Output.Should().Be($"{one}\n{one}");
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("compare")]
    [InlineData("simulate --trials 5 --unmovable 0.001")]
    [InlineData("cost")]
    public void a_line_of_a_stream_is_answered_as_a_file_of_its_own(string command)
    {
        string[] arguments = command.Split(' ');
        JsonObject file = JsonNode.Parse(Command.Run([.. arguments, "--format", "json", Fails]).Output)!.AsObject();
        if (command == "plan")
            file.Remove("actions"); // A stream is planned, not mended.
        Command.Result stream = Command.RunWithInput(
            Encoding.UTF8.GetBytes($"{Document}\nnonsense\n{Document}\n"), [.. arguments, "--ndjson", "-"]);
        stream.ExitCode.Should().Be(2);
        stream.Errors.Should().BeEmpty();
        string[] lines = stream.Output.TrimEnd('\n').Split('\n');
        lines.Should().HaveCount(3);
        lines[0].Should().Be(lines[2]);
        lines[0].Replace(", ", ",").Should().Be(Compact(JsonSerializer.SerializeToElement(file)).Replace(", ", ","));
        lines[1].Should().StartWith("""{"status":"invalid","line":2,"message":"not valid JSON: """);
    }

    [Theory]
    [InlineData("plan")]
    [InlineData("check")]
    [InlineData("compare")]
    [InlineData("simulate")]
    [InlineData("cost")]
    public void a_form_does_not_apply_to_a_stream(string command) =>
        Command.Run(command, "--ndjson", "--format", "json", Fails)
            .ShouldBeRefused("--ndjson gives a line of JSON for each line, so --format does not apply");

    [Theory]
    [InlineData("--output is for one HOST", "simulate", "--sweep", "0:1:0.5", "-o", "x.svg", Fails, Works)]
    [InlineData("--pagetypeinfo is for one HOST", "simulate", "--ndjson", "--pagetypeinfo", Works, Fails)]
    [InlineData("stdin: it can be read only once", "plan", "-", "-")]
    [InlineData("stdin: it can be read only once", "cost", "--ndjson", "-", Fails, "-")]
    public void what_holds_for_one_host_is_refused_for_many(string reason, params string[] arguments) =>
        Command.Run(arguments).ShouldBeRefused(reason);

    [Fact]
    public void a_file_that_is_missing_among_streams_costs_its_own_line()
    {
        Command.InFolder(folder =>
        {
            File.WriteAllText(Path.Combine(folder, "one.ndjson"), Document + "\n");
            Command.Result result = Command.RunIn(folder, "plan", "--ndjson", "one.ndjson", "none", "one.ndjson");
            result.ExitCode.Should().Be(2);
            string[] lines = result.Output.TrimEnd('\n').Split('\n');
            lines.Should().HaveCount(3);
            lines[1].Should().Be("""{"status":"invalid","file":"none","message":"no such file"}""");
            lines[2].Should().Be(lines[0]);
        });
    }

    [Fact]
    public void the_plans_of_several_hosts_are_checked_one_after_another_and_a_failed_one_keeps_its_name()
    {
        string plans = Command.Run("plan", "--format", "json", Works, "no-such-file", Fails, Works).Output;

        Command.Result result = Command.RunWithInput(Encoding.UTF8.GetBytes(plans), "check", "--max-tdmrs", "9");

        result.ExitCode.Should().Be(2);
        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        lines[0].Should().StartWith("""{"name":"uneven-8-node-496GiB","status":"unknown",""");
        lines[1].Should().Be("""{"status":"invalid","line":2,"message":"tdmrs: it is missing"}""");
        lines[2].Should().Be("{\"name\":\"fox-creek-pass\",\"status\":\"failed\",\"message\":\""
            + RealHosts.FoxCreekPassFailure + "\"}");
        lines[3].Should().Be(lines[0]);
        Command.RunWithInput(Encoding.UTF8.GetBytes(plans), "check", "--ndjson", "--max-tdmrs", "9").Output
            .Should().Be(result.Output);
        Command.RunWithInput(Encoding.UTF8.GetBytes(plans.Split('\n')[2]), "check").ExitCode.Should().Be(1);
        Command.RunWithInput(Encoding.UTF8.GetBytes(plans), "check", "--ndjson", "--max-tdmrs", "2").Output
            .Should().Contain("there are 9 TDMRs, not from 1 to 2");
    }

    [Fact]
    public void sums_of_many_large_hosts_do_not_overflow()
    {
        const string Large = """
            {"memory":[{"start":0,"end":4503599627370496,"node":0}],
            "module":{"pamtEntrySize":{"4K":1000},"keyIdBits":0}}
            """;
        const int Count = 17_000;
        string lines = string.Concat(Enumerable.Repeat(Large.ReplaceLineEndings("") + "\n", Count));
        Command.Result result = Command.RunWithInput(Encoding.UTF8.GetBytes(lines), "plan", "--ndjson", "--verbose");
        result.ExitCode.Should().Be(0);
        result.Errors.Should().MatchRegex(
            $"^{Count} hosts: {Count} constructed, 0 failed; PAMTs take [1-9]\\d{{7,}} [KMGT]iB\r?\n$");
    }

    [Fact]
    public void blank_lines_cost_next_to_no_output()
    {
        Command.Result result = Command.RunWithInput(
            Encoding.UTF8.GetBytes(new string('\n', 5_000_000)), "plan", "--ndjson");
        result.Should().Be(new Command.Result(
            2, """{"status":"invalid","line":1,"message":"it is blank"}""" + "\n", ""));
    }

    [Fact]
    public void a_stream_has_the_same_answers_on_one_core_and_on_many()
    {
        string lines = string.Concat(Enumerable.Range(0, 300).Select(number => (number % 7) switch
        {
            0 => "\n\n",
            1 => $"{{{number}\n",
            2 => Document.Replace("fox", new string('x', number * 100)) + "\n",
            _ => Document + "\n",
        }));
        Command.InFolder(folder =>
        {
            File.WriteAllText(Path.Combine(folder, "hosts.ndjson"), lines);
            string[] answers = [.. Enumerable.Range(1, 2).Select(half => Shell.Run(
                $"export DOTNET_PROCESSOR_COUNT={half * half}; tdxpamt plan --ndjson '{folder}/hosts.ndjson'").Output)];
            answers[0].Should().Be(answers[1]);
            answers[0].Count(static character => character == '\n').Should().Be(300);
        });
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element, Unescaped);
}
