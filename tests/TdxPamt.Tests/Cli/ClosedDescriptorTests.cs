namespace TdxPamt.Tests.Cli;

/// <summary>Standard input, output or error that is closed, or that nobody reads.</summary>
public class ClosedDescriptorTests
{
    private const string Host = "tests/hosts/xeon-8480c-2-socket-256GiB.log";

    [Theory]
    [InlineData("plan - <&-", 2, "tdxpamt: stdin: it is closed\n")]
    [InlineData($"plan {Host} >&-", 2, "tdxpamt: stdout: it is closed\n")]
    [InlineData("--help >&-", 2, "tdxpamt: stdout: it is closed\n")]
    [InlineData($"plan -q {Host} > /dev/full", 2, "tdxpamt: stdout: no space left on device\n")]
    [InlineData($"plan {Host} <&- > /dev/null", 0, "")]
    [InlineData($"plan {Host} 2>&- > /dev/null", 0, "")]
    [InlineData("plan nowhere 2>&-", 2, "")]
    [InlineData("plan nowhere 2> /dev/full", 2, "")]
    [InlineData("plan - <&- >&- 2>&-", 2, "")]
    [InlineData("simulate tests/hosts/fox-creek-pass.json --trials 1 <&- 2>&- > /dev/null", 0, "")]
    public void a_closed_descriptor_is_one_line_or_a_clean_exit(string command, int exitCode, string errors)
    {
        Command.Result result = Shell.Run($"tdxpamt {command}");
        result.Should().Be(new Command.Result(exitCode, "", errors));
    }

    [Theory]
    [InlineData("yes '{}' 2> /dev/null | tdxpamt plan --ndjson")]
    [InlineData("yes '{}' 2> /dev/null | tdxpamt check --ndjson")]
    [InlineData($"tdxpamt plan --format json $(for i in {{1..50}}; do echo {Host}; done)")]
    public void a_closed_reader_ends_the_program_at_once_and_quietly(string command)
    {
        const string Codes = "echo ${PIPESTATUS[@]} | grep -o '141 0$'";
        Command.Result result = Shell.Run($"{command} | head -1 > /dev/null; {Codes}");
        result.Should().Be(new Command.Result(0, "141 0\n", ""));
    }

    [Fact]
    public void outputs_of_several_runs_follow_one_another_in_a_file() => Shell.Run(
        $"f=$(mktemp); (for i in 1 2 3; do tdxpamt plan -q {Host}; done) > $f; sort -u $f | wc -l; wc -l < $f; rm $f")
        .Output.Should().Be("1\n3\n");
}
