using System.Text;
using System.Text.Json;

namespace TdxPamt.Tests.Cli;

public class ReplayCommandTests
{
    private const string Session = "session 1 module 1.5.25 packages 1 key-id-bits 6 first-private-key-id 0x20 "
        + "memory-filled-with 0x0\n";

    private const string Differing = Session + """
        # MAX_TDMRS, a state, and once more
        call 22 0 9100000100000008 0 0 -> 0 0 9100000100000009 3f 0 x3
        state ready
        call 22 0 9100000100000008 0 0 -> 0 0 9100000100000009 40 0 x2

        """;

    [Theory]
    [InlineData("boot-linux-6.12.txt")]
    [InlineData("boot-linux-7.3.txt")]
    [InlineData("module-calls.txt")]
    [InlineData("module-lock-calls.txt")]
    public void transcripts_of_the_real_module_do_not_differ(string file)
    {
        Command.Result result = Command.Run("replay", $"golden/{file}");
        result.Errors.Should().BeEmpty();
        result.ExitCode.Should().Be(0);
        result.Output.Should().MatchRegex(@"^[1-9]\d* calls, 0 differ\n$");
    }

    [Fact]
    public void each_answer_that_differs_has_a_line() =>
        Pipe(Differing, "replay", "-").Should().Be(new Command.Result(
            1,
            "line 3: expected 0 0 9100000100000009 3f 0, actual 0 0 9100000100000009 40 0\n"
            + "line 4: expected state ready, actual state before-config\n"
            + "5 calls, 2 differ\n",
            ""));

    [Fact]
    public void json_has_the_numbers_and_the_first_difference()
    {
        Command.Result result = Pipe(Differing, "replay", "--format", "json", "-");
        result.ExitCode.Should().Be(1);
        using JsonDocument answer = JsonDocument.Parse(result.Output);
        JsonElement.DeepEquals(answer.RootElement, JsonDocument.Parse("""
            { "calls": 5, "differ": 2, "first": { "line": 3,
              "expected": "0 0 9100000100000009 3f 0", "actual": "0 0 9100000100000009 40 0" } }
            """).RootElement).Should().BeTrue(result.Output);
    }

    [Fact]
    public void json_without_a_difference_has_no_first_one()
    {
        Command.Result result = Command.Run("replay", "--format", "json", "golden/boot-linux-6.12.txt");
        result.ExitCode.Should().Be(0);
        using JsonDocument answer = JsonDocument.Parse(result.Output);
        answer.RootElement.EnumerateObject().Select(static member => member.Name).Should().Equal("calls", "differ");
    }

    [Theory]
    [InlineData(Session + "call 22 0 0 -> 0", "stdin:2: a call has 5 or 9 registers before and behind the arrow: *")]
    [InlineData("call 22 0 0 0 0 -> 0 0 0 0 0", "stdin:1: it stands before the first session: *")]
    [InlineData(Session + "\u001b[31mfox", "stdin:2: it begins no line of a transcript*")]
    [InlineData("", "stdin: there is no call in it")]
    [InlineData(Session, "stdin: there is no call in it")]
    public void what_is_no_transcript_is_refused_with_its_line(string text, string reason)
    {
        Command.Result result = Pipe(text, "replay", "-");
        result.ShouldBeRefused(reason.TrimEnd('*'));
        result.Errors.Should().Match($"tdxpamt: {reason}{Environment.NewLine}").And.NotContain("\u001b");
    }

    [Fact]
    public void a_file_must_be_named_and_be_there()
    {
        Command.Run("replay").ExitCode.Should().Be(2);
        Command.Run("replay", "golden/fox.txt").ShouldBeRefused("golden/fox.txt: no such file");
    }

    private static Command.Result Pipe(string text, params string[] arguments) =>
        Command.RunWithInput(Encoding.UTF8.GetBytes(text), arguments);
}
