namespace TdxPamt.Tests.Support;

/// <summary>Where the project's own files are.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution, above the tests.</summary>
    internal static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TdxPamt.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no TdxPamt.sln above {AppContext.BaseDirectory}");
    }
}
