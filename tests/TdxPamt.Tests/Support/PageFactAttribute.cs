using System.Runtime.CompilerServices;

namespace TdxPamt.Tests.Support;

/// <summary>A test of pages that a script of eng wrote, in a browser; skipped where either is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PageFactAttribute : FactAttribute
{
    public PageFactAttribute(
        string variable = "TDXPAMT_PAGE",
        string script = "eng/web",
        [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (Browser.Program is null)
            Skip = "no browser: install chromium, or name one in TDXPAMT_BROWSER";
        else if (FolderOf(variable) is null)
            Skip = $"no page: run {script} and name its folder in {variable}";
    }

    /// <summary>Where the pages are.</summary>
    internal static string? FolderOf(string variable = "TDXPAMT_PAGE") =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder ? folder : null;
}
