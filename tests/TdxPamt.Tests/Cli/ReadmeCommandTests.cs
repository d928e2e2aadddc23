using System.Text.RegularExpressions;
using TdxPamt.Tests.Readme;

namespace TdxPamt.Tests.Cli;

/// <summary>README.md and docs/*.md show commands with what they print; eng/docs takes over what changed.</summary>
public partial class ReadmeCommandTests
{
    private const string FromSources = "dotnet run --project src/TdxPamt.Cli -c Release -- ";

    public static TheoryData<string, string, string> Examples()
    {
        TheoryData<string, string, string> examples = [];
        foreach (string document in Documents.Shown)
        {
            foreach (Match example in Example().Matches(Documents.Read(document)))
                examples.Add(document, example.Groups["command"].Value, example.Groups["output"].Value);
        }

        return examples;
    }

    public static TheoryData<string, string> Drawings()
    {
        TheoryData<string, string> drawings = [];
        foreach (string document in Documents.Shown)
        {
            foreach (Match drawing in Drawing().Matches(Documents.Read(document)))
                drawings.Add(drawing.Groups["picture"].Value, drawing.Value);
        }

        return drawings;
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void a_document_shows_what_the_command_prints(string document, string command, string output)
    {
        command.Should().MatchRegex($@"^(printf [^\n]* \| )?(tdxpamt |{FromSources})[^\n]*$", "{0} shows it", document);
        Shell.Run(command.Replace(FromSources, "tdxpamt ")).Output.Should().Be(output, "{0} shows it", document);
    }

    [Theory]
    [MemberData(nameof(Drawings))]
    public void a_picture_of_a_machine_is_what_the_command_draws(string picture, string command) => Command.InFolder(
        folder =>
        {
            string drawn = Path.Combine(folder, "drawn.svg");
            Shell.Run(command.Replace(FromSources, "tdxpamt ").Replace(picture, drawn))
                .ExitCode.Should().BeInRange(0, 1);
            File.ReadAllText(drawn).Should().Be(Documents.Read(picture));
        });

    [GeneratedRegex(
        "```bash\n(?<command>[^`]*)\n```\n\n```(text|json|csv)\n(?<output>.*?)```",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();

    [GeneratedRegex(
        @"^[^\n]* (draw|cost) -o (?<picture>docs/\S+\.svg) [^\n]*$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Drawing();
}
