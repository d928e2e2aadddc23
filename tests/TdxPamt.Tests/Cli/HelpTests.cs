using System.Text.RegularExpressions;

namespace TdxPamt.Tests.Cli;

public partial class HelpTests
{
    public static TheoryData<string> Commands { get; } = [.. Listed("--help", "Commands:"), ""];

    public static TheoryData<string> Topics { get; } = [.. TopicNames()];

    [Theory]
    [MemberData(nameof(Commands))]
    public void a_commands_help_ends_in_two_examples_that_work_as_typed(string command)
    {
        Command.Result help = Command.Run([.. Words(command), "--help"]);
        help.ExitCode.Should().Be(0);
        help.Output.Should().Contain($"tdxpamt {command}".TrimEnd()).And.NotContain("TdxPamt.Cli");
        string[] examples = [.. Section(help.Output, "Examples:")];
        examples.Should().HaveCount(2).And.OnlyContain(example => example.Contains($"tdxpamt {command}"));
        Command.InFolder(folder =>
        {
            foreach (string example in examples)
            {
                Command.Result result = Shell.Run(example.Replace("/tmp/", folder + "/"));
                result.Errors.Should().BeEmpty("{0} works", example);
                result.ExitCode.Should().BeInRange(0, 1, "{0} works", example);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void an_option_names_its_default_once(string command) =>
        Command.Run([.. Words(command), "--help"]).Output.Split('\n')
            .Should().NotContainMatch("*[[]default:*[[]default:*");

    [Fact]
    public void help_lists_its_topics() =>
        TopicNames().Should().Contain(
        [
            "boot-log", "glossary", "iomem", "host-document", "plan-document", "pagetypeinfo", "kernels", "strategies",
            "exit-codes",
        ]);

    [Theory]
    [MemberData(nameof(Topics))]
    public void a_topic_begins_with_its_name_and_fits_a_terminal(string topic)
    {
        Command.Result help = Command.Run("help", topic);
        help.ExitCode.Should().Be(0);
        help.Output.Should().StartWith($"{topic}: ").And.EndWith("\n");
        help.Output.Split('\n').Should().OnlyContain(static line => line.Length <= 80);
    }

    [Fact]
    public void the_topic_of_host_documents_shows_one_that_is_read()
    {
        string document = HostDocument().Match(Command.Run("help", "host-document").Output).Value;
        Command.Result plan = Command.RunWithInput(System.Text.Encoding.UTF8.GetBytes(document), "plan", "-");
        plan.Output.Should().StartWith("two-socket, kernel mainline").And.Contain("module: accepted");
    }

    [Fact]
    public void help_of_a_command_is_its_help_page() =>
        Command.Run("help", "plan").Should().Be(Command.Run("plan", "--help"));

    [Fact]
    public void version_prints_the_version_and_the_commit() =>
        Command.Run("--version").Output.Should().MatchRegex(
            @"^tdxpamt \d+\.\d+\.\d+(-dev\.\d+\.g[0-9a-f]{8,})?(, commit [0-9a-f]{40})?\n$");

    [Theory]
    [InlineData("plna", "plna: no such command; did you mean plan?")]
    [InlineData("xyzzy", "xyzzy: no such command; see tdxpamt --help")]
    [InlineData("plna --help", "plna: no such command; did you mean plan?")]
    [InlineData("plan --formt json x", "--formt: no such option; did you mean --format?")]
    [InlineData("plan --kernle=v5 x", "--kernle: no such option; did you mean --kernel?")]
    [InlineData("simulate --sede 1 x", "--sede: no such option; did you mean --seed?")]
    [InlineData("plan --wrong", "--wrong: no such option; see tdxpamt --help")]
    [InlineData("plan -- --wrong", "--wrong: no such file")]
    [InlineData("replay one two", "two: one argument too many; see tdxpamt --help")]
    [InlineData("help kernals", "kernals: no such topic; did you mean kernels?")]
    [InlineData("help xyzzy", "xyzzy: no such topic; tdxpamt help lists them")]
    [InlineData("plan --kernel mainlin x", "--kernel: mainlin must be one of v5, 6.8, 7.1, mainline, dynamic-pamt, "
        + "cmr-holes, cmr-holes-2024; did you mean mainline?")]
    [InlineData("plan --format jsn x", "--format: jsn must be one of text, json, binary; did you mean json?")]
    [InlineData("plan --strategy split-tdmr x", "--strategy: split-tdmr must be kernel or some of *; did you mean "
        + "split-tdmrs?")]
    [InlineData("example fox-crek-pass", "NAME: fox-crek-pass must be one of *; did you mean fox-creek-pass?")]
    [InlineData("schema hots", "DOCUMENT: hots must be one of *; did you mean host?")]
    [InlineData("completion ksh", "ksh: no such shell; must be one of bash, fish, pwsh, zsh")]
    public void a_mistyped_word_gets_a_suggestion_in_one_line(string arguments, string message)
    {
        Command.Result result = Command.Run(Words(arguments));
        (result.ExitCode, result.Output).Should().Be((2, ""));
        result.Errors.Should().Match($"tdxpamt: {message}{Environment.NewLine}");
        result.Errors.Count(static character => character == '\n').Should().Be(1);
    }

    [Fact]
    public void the_command_alone_shows_its_help() => Command.Run().Should().Be(Command.Run("--help"));

    [Fact]
    public void help_lists_every_command() =>
        Listed("help", "Commands, for tdxpamt COMMAND --help:").Should().Equal(Listed("--help", "Commands:"));

    [Theory]
    [InlineData("--quiet plan hosts/4-node-1TiB-6.5.log", "plan --quiet hosts/4-node-1TiB-6.5.log")]
    [InlineData("--format json -- plan", "plan --format json --")]
    [InlineData("--kernel cmr-holes -q plan hosts/fox-creek-pass.json",
        "plan --kernel cmr-holes -q hosts/fox-creek-pass.json")]
    [InlineData("--help plan", "plan --help")]
    public void options_may_stand_before_the_command(string typed, string usual) =>
        Command.Run(Words(typed)).Should().Be(Command.Run(Words(usual)));

    [Fact]
    public void a_terminal_that_waits_for_input_says_so() => Shell
        .Run("type script > /dev/null 2>&1 || { echo reads from the terminal; exit; }\n"
            + $"printf '\\004' | script -qec \"dotnet '{Command.Dll}' plan -\" /dev/null 2>&1")
        .Output.Should().Contain("reads from the terminal");

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Listed(string arguments, string heading) =>
        Section(Command.Run(arguments).Output, heading).Select(static line => line.Split(' ')[0]);

    private static IEnumerable<string> TopicNames() => Listed("help", "Topics, for tdxpamt help TOPIC:");

    private static IEnumerable<string> Section(string text, string heading) => text
        .Split('\n')
        .SkipWhile(line => line != heading)
        .Skip(1)
        .SkipWhile(static line => line.Length == 0)
        .TakeWhile(static line => line.StartsWith("  ", StringComparison.Ordinal))
        .Select(static line => line.Trim());

    [GeneratedRegex(@"^    \{\n(.*\n)*?    \}$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex HostDocument();
}
