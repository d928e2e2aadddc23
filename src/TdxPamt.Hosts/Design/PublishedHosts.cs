using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Hosts;

/// <summary>Machines whose boot logs or memory maps were published, as this package carries them.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
public static class PublishedHosts
{
    private const string Folder = "Machines/";

    /// <summary>The files' names; a host document comes before the log of the same machine.</summary>
    private static readonly string[] Files =
    [
        .. typeof(PublishedHosts).Assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(static name => name[Folder.Length..])
            .OrderBy(static name => name, StringComparer.Ordinal),
    ];

    /// <summary>Their names: those of the files, without extension where no other file has the same.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Files.Select(static file => Resolve(Path.GetFileNameWithoutExtension(file)) == file
            ? Path.GetFileNameWithoutExtension(file)
            : file)];

    /// <summary>Gives the text of a machine's boot log or host document, as it was published.</summary>
    /// <param name="name">One of <see cref="Names"/>, or one of them with its extension.</param>
    /// <param name="text">The text, with a line end after it; null where there is none.</param>
    /// <returns>Whether there is a machine of that name.</returns>
    public static bool TryRead(string? name, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (name is null || Resolve(name) is not { } file)
            return false;
        using Stream resource = typeof(PublishedHosts).Assembly.GetManifestResourceStream(Folder + file)!;
        using StreamReader reader = new(resource);
        text = reader.ReadToEnd();
        return true;
    }

    private static string? Resolve(string name) =>
        Files.FirstOrDefault(file => file == name) ?? Files.FirstOrDefault(
            file => Path.GetFileNameWithoutExtension(file) == name);
}
