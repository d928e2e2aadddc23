using System.Runtime.CompilerServices;

namespace TdxPamt.Tests.Support;

/// <summary>A test of the page that eng/web wrote, in a browser; skipped where either is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PageFactAttribute : FactAttribute
{
    public PageFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (Browser.Program is null)
            Skip = "no browser: install chromium, or name one in TDXPAMT_BROWSER";
        else if (Folder is null)
            Skip = "no page: run eng/web and name its folder in TDXPAMT_PAGE";
    }

    /// <summary>Where the page is.</summary>
    internal static string? Folder { get; } =
        Environment.GetEnvironmentVariable("TDXPAMT_PAGE") is { Length: > 0 } folder ? folder : null;
}
