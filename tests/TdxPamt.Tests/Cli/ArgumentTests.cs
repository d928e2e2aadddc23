using System.Text;
using TdxPamt.Cli;
using TdxPamt.Module;

namespace TdxPamt.Tests.Cli;

/// <summary>Arguments and surroundings that nobody types by intention.</summary>
public class ArgumentTests
{
    [Theory]
    [InlineData("-1")]
    [InlineData("99999999999")]
    [InlineData("x")]
    [InlineData("")]
    public void a_position_to_complete_at_that_is_none_is_refused(string position) =>
        Command.Run($"[suggest:{position}]", "plan").ShouldBeRefused("the position must be a whole number from 0 to");

    [Theory]
    [InlineData("plan", "X")]
    [InlineData("plan", "--X")]
    [InlineData("explain", "X")]
    [InlineData("plan", "--kernel", "X")]
    [InlineData("simulate", "hosts/fox-creek-pass.json", "--sweep", "X")]
    public void a_long_argument_is_not_echoed_whole(params string[] arguments)
    {
        string word = new('x', 100_000);
        Command.Result result = Command.Run([.. arguments.Select(part => part.Replace("X", word))]);
        result.ShouldBeRefused("xxx...xxx");
        result.Errors.Length.Should().BeLessThan(1200);
    }

    [Fact]
    public void a_long_word_is_compared_with_none_that_is_far_shorter()
    {
        string typed = new('x', 100_000);
        string[] names = [.. SeamcallExplanation.Names];
        long before = GC.GetAllocatedBytesForCurrentThread();
        NearestWord.Hint(typed, names).Should().BeNull();
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(100_000);
    }

    [Fact]
    public void many_unknown_options_are_refused_by_the_first() => Command
        .Run(["plan", .. Enumerable.Range(0, 60_000).Select(static i => $"-{i}")])
        .ShouldBeRefused("-0: no such option");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void help_and_answers_fit_any_terminal(int columns)
    {
        const string Plan = "plan tests/hosts/xeon-8480c-2-socket-256GiB.log";
        foreach (string command in (string[])["--help", Plan])
        {
            Command.Result result = OnTerminal($"stty cols {columns}; tdxpamt {command}");
            result.ExitCode.Should().Be(0);
            result.Output.Length.Should().BeInRange(500, 50_000);
            result.Output.Should().NotContain("internal error");
        }
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("no-such-terminal")]
    public void any_name_of_a_terminal_is_one(string name)
    {
        Command.Result result = OnTerminal(
            $"TERM={name}; export TERM; tdxpamt plan tests/hosts/xeon-8480c-2-socket-256GiB.log");
        result.ExitCode.Should().Be(0);
        result.Output.Should().Contain("log reports").And.NotContain("error");
    }

    [Fact]
    public void a_file_name_that_is_no_utf_8_is_opened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "names are bytes on Linux");
        Command.Result result = Shell.Run(
            """
            d=$(mktemp -d)
            for f in $'a\xff.log' $'a\xfe.log' $'\xf0\x9f\x98\x80\xc3.log'; do
              cp tests/hosts/xeon-8480c-2-socket-256GiB.log "$d/$f" && tdxpamt plan -q "$d/$f"
            done
            cd $d; tdxpamt plan $'b\xff.log'; tdxpamt plan -o $'b\xff.log' $'a\xff.log'
            rm -r $d
            """);
        result.Output.Split('\n')[..3].Should().OnlyContain(static line => line.Contains("constructed"));
        result.Errors.Should().Be(
            "tdxpamt: b\uFFFD.log: no such file or directory\n"
            + "tdxpamt: b\uFFFD.log: cannot be written: its name is not UTF-8\n");
    }

    [Fact]
    public void json_escapes_what_reorders_text()
    {
        const string Reordered = "a\u202Eb\u2066c\u200Fd\u061Ce\u2028f\u00E9";
        const string Escaped = @"a\u202Eb\u2066c\u200Fd\u061Ce\u2028f\u00E9";
        const string Host = """
            {"name":"NAME","cmrs":[{"start":0,"end":4294967296}],
            "memory":[{"start":1048576,"end":4294967296,"node":0}]}
            """;
        const string Failed = """{"name":"NAME","status":"failed","error":{"message":"NAME"}}""";
        const string Summary = """
            {"hosts":1,"ram":"0x1","statuses":{"NAME":1},"causes":{"NAME":1},
            "distributions":{"NAME":{"hosts":1,"total":1,"percentiles":{},"counts":[[1,1]]}},
            "tightest":[{"name":"NAME","resource":"tdmrs","used":1,"allowed":64}]}
            """;
        foreach ((string command, string input, int times) in new[]
        {
            ("plan --format json -", Host, 1), ("plan --ndjson", Host, 1), ("compare --format json -", Host, 1),
            ("simulate --format json --trials 1 -", Host, 1), ("cost --format json -", Host, 1),
            ("doctor --format json -", Host, 1), ("plan --summary --format json -", Host, 1),
            ("check -", Failed, 2), ("check --ndjson", Failed, 2),
            ("summary --merge --format json -", Summary, 4),
        })
        {
            Command.Result result = Command.RunWithInput(
                Encoding.UTF8.GetBytes(input.ReplaceLineEndings("").Replace("NAME", Reordered)), command.Split(' '));
            result.Output.Split(Escaped).Length.Should().Be(times + 1, command + result.Errors + result.Output);
            result.Output.Should().NotContainAny("\u202E", "\u2066", "\u200F", "\u061C", "\u2028");
        }
    }

    private static Command.Result OnTerminal(string script)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "there is no script(1) to make a terminal");
        return Shell.Run(
            $$"""
            f=$(mktemp)
            printf '%s\n' 'tdxpamt() { dotnet {{Command.Dll}} "$@"; }' '{{script}}' > $f
            timeout 60 script -qec "bash $f" /dev/null < /dev/null; status=$?
            rm $f; exit $status
            """);
    }
}
