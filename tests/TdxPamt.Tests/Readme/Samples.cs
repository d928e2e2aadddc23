using System.Text.RegularExpressions;

namespace TdxPamt.Tests.Readme;

/// <summary>The samples of this folder and of samples/csharp, which are compiled, as text to
/// compare documentation with.</summary>
internal static partial class Samples
{
    /// <summary>All samples, one after the other, without indentation.</summary>
    public static string Text { get; } = string.Concat(Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests/TdxPamt.Tests/Readme"), "*Sample.cs")
        .Concat(Directory.EnumerateDirectories(Path.Combine(Repository.Root, "samples/csharp"))
            .SelectMany(static folder => Directory.EnumerateFiles(folder, "*.cs")))
        .Order(StringComparer.Ordinal)
        .Select(static file => WithoutIndentation(File.ReadAllText(file))));

    /// <summary>Code without its using directives and indentation.</summary>
    public static string WithoutUsings(string code) => string.Concat(WithoutIndentation(code)
        .Split('\n')
        .Where(static line => !line.StartsWith("using ", StringComparison.Ordinal) || line.Contains('='))
        .Select(static line => line + "\n")).Trim();

    /// <summary>Code without its indentation.</summary>
    public static string WithoutIndentation(string code) => Indentation().Replace(code.ReplaceLineEndings("\n"), "");

    [GeneratedRegex("^ +", RegexOptions.Multiline)]
    private static partial Regex Indentation();
}
