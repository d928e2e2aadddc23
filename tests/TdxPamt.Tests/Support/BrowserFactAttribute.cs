using System.Runtime.CompilerServices;

namespace TdxPamt.Tests.Support;

/// <summary>A test that needs a browser, and is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (Browser.Program is null)
            Skip = "no browser: install chromium, or name one in TDXPAMT_BROWSER";
    }
}
