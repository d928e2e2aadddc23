using System.Text.RegularExpressions;

namespace TdxPamt.Tests.Readme;

public partial class LinkTests
{
    /// <summary>Where rules are named.</summary>
    private static readonly string[] Folders = ["docs", "eng", "samples", "src", "tests"];

    public static TheoryData<string> All { get; } = [.. Documents.All];

    [Theory]
    [MemberData(nameof(All))]
    public void every_relative_link_leads_to_a_file_and_an_anchor_in_it(string document)
    {
        foreach (Match link in Link().Matches(Documents.Prose(document)))
        {
            string target = link.Groups["target"].Value;
            if (target.Contains("://", StringComparison.Ordinal))
                continue;
            string[] parts = target.Split('#');
            string folder = Path.Combine(Repository.Root, Path.GetDirectoryName(document)!);
            string path = parts[0].Length == 0
                ? Path.Combine(Repository.Root, document)
                : Path.GetFullPath(Path.Combine(folder, parts[0]));
            (File.Exists(path) || Directory.Exists(path)).Should().BeTrue("{0} links to {1}", document, target);
            if (parts.Length == 2)
                Documents.Anchors(path).Should().Contain(parts[1], "{0} links to {1}", document, target);
        }
    }

    [Fact]
    public void every_rule_that_a_source_names_is_in_the_rule_book()
    {
        HashSet<string> rules = Documents.Anchors("docs/model.md");
        string[] named =
        [
            .. Folders
                .SelectMany(static folder => Directory.EnumerateFiles(
                    Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
                .Where(static file => Path.GetExtension(file) is ".cs" or ".md" or ".txt" or ".h"
                    && !BuiltPath().IsMatch(Path.GetRelativePath(Repository.Root, file)))
                .SelectMany(static file => Rule().Matches(File.ReadAllText(file)))
                .Select(static match => match.Groups["anchor"].Value)
                .Distinct(StringComparer.Ordinal),
        ];
        named.Should().NotBeEmpty();
        named.Except(rules, StringComparer.Ordinal).Should().BeEmpty();
    }

    [Fact]
    public void what_nuget_shows_links_to_nothing_in_the_repository() =>
        Documents.Read("src/README.nuget.md").Should().NotContain("](").And.NotContain("<img");

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"docs/model\.md#(?<anchor>[\w-]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Rule();

    [GeneratedRegex(@"[\\/](bin|obj)[\\/]", RegexOptions.ExplicitCapture)]
    private static partial Regex BuiltPath();
}
