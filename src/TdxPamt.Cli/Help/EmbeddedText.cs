using System.Reflection;

namespace TdxPamt.Cli;

/// <summary>The texts of the folders Help, Completion and Scripts, which are embedded in the command.</summary>
internal static class EmbeddedText
{
    private static readonly Assembly Home = typeof(EmbeddedText).Assembly;

    /// <summary>The names of a folder's texts, in alphabetical order.</summary>
    internal static string[] Names(string folder) =>
    [
        .. Home.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal))
            .Select(name => name[(folder.Length + 1)..])
            .Order(StringComparer.Ordinal),
    ];

    internal static string Read(string folder, string name)
    {
        using StreamReader reader = new(Home.GetManifestResourceStream($"{folder}/{name}")!);
        return reader.ReadToEnd();
    }
}
