using System.Text.RegularExpressions;
using TdxPamt.Tests.Readme;

namespace TdxPamt.Tests.Cli;

public partial class ReadmeCommandTests
{
    public static TheoryData<string, string> Examples()
    {
        TheoryData<string, string> examples = [];
        foreach (Match example in Example().Matches(ReadmeTests.Readme))
            examples.Add(example.Groups["arguments"].Value, example.Groups["output"].Value);
        return examples;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void the_readme_shows_what_the_command_prints(string arguments, string output) =>
        Command.RunIn(Repository.Root, arguments.Split(' ')).Output.Should().Be(output);

    [GeneratedRegex(
        "```bash\ndotnet run --project src/TdxPamt.Cli -c Release -- (?<arguments>[^\n]*)\n```\n\n"
        + "```(text|json)\n(?<output>.*?)```",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();
}
