using System.Text.RegularExpressions;

namespace TdxPamt.Tests.Readme;

/// <summary>The documents that a reader of the repository sees.</summary>
internal static partial class Documents
{
    /// <summary>README.md and docs/*.md, whose commands and samples are held by tests, by path from the root.</summary>
    internal static string[] Shown { get; } = ["README.md", .. In("docs", SearchOption.TopDirectoryOnly)];

    /// <summary>All of them.</summary>
    internal static string[] All { get; } =
    [
        .. Shown,
        "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md",
        .. In("eng", SearchOption.TopDirectoryOnly),
        .. In("samples", SearchOption.AllDirectories),
        "tests/hosts/README.md",
    ];

    internal static string Read(string path) =>
        File.ReadAllText(Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n");

    /// <summary>What can be linked to in a document: headings, as GitHub names them, and named anchors.</summary>
    internal static HashSet<string> Anchors(string path)
    {
        string text = Code().Replace(Read(path), "");
        HashSet<string> anchors = new(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(text))
        {
            string words = Tag().Replace(heading.Groups["words"].Value, "").Trim().ToLowerInvariant();
            anchors.Add(NotInAnchor().Replace(words, "").Replace(' ', '-'));
        }

        foreach (Match anchor in Anchor().Matches(text))
            anchors.Add(anchor.Groups["id"].Value);
        return anchors;
    }

    /// <summary>The blocks of C# of a document, in order.</summary>
    internal static IEnumerable<string> Blocks(string path) =>
        Block().Matches(Read(path)).Select(static block => block.Groups["code"].Value);

    /// <summary>A document without its blocks of code.</summary>
    internal static string Prose(string path) => Code().Replace(Read(path), "");

    private static IEnumerable<string> In(string folder, SearchOption depth) => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", depth)
        .Select(static file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    [GeneratedRegex("^```.*?^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();

    [GeneratedRegex("^#+ (?<words>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex("<a id=\"(?<id>[^\"]+)\">", RegexOptions.ExplicitCapture)]
    private static partial Regex Anchor();
}
