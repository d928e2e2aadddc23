using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;

namespace TdxPamt.Tests.Readme;

public partial class ReadmeTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    private static readonly string Readme = File.ReadAllText(Path.Combine(Root, "README.md"));

    [Fact]
    public void its_samples_are_compiled()
    {
        string sources = string.Concat(Directory
            .EnumerateFiles(Path.Combine(Root, "tests/TdxPamt.Tests/Readme"), "*Sample.cs")
            .Order(StringComparer.Ordinal)
            .Select(static file => WithoutIndentation(File.ReadAllText(file))));
        MatchCollection samples = Samples().Matches(Readme);
        samples.Should().NotBeEmpty();
        foreach (Match sample in samples)
        {
            string body = string.Concat(WithoutIndentation(sample.Groups["code"].Value)
                .Split('\n')
                .Where(static line => !line.StartsWith("using ", StringComparison.Ordinal) || line.Contains('='))
                .Select(static line => line + "\n")).Trim();
            sources.Should().Contain(body);
        }
    }

    [Fact]
    public void its_embedding_sample_runs()
    {
        using StringWriter console = new();
        EmbeddingSample.Run(console, NullLogger.Instance);
        console.ToString().Should().Contain("TDMR [0x0, 0x80000000): PAMTs at [")
            .And.EndWith($"{(2 + 254 + 256) * 4104 + 12} KB allocated for PAMT{Environment.NewLine}");
    }

    private static string WithoutIndentation(string source) => Indentation().Replace(source.ReplaceLineEndings("\n"), "");

    private static string ThisFile([CallerFilePath] string file = "") => file;

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Samples();

    [GeneratedRegex("^ +", RegexOptions.Multiline)]
    private static partial Regex Indentation();
}
