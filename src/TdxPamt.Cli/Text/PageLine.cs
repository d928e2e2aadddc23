using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>A line of a page.</summary>
internal sealed class PageLine(string text, Outcome outcome) : PageBlock
{
    /// <summary>The line, fit for a terminal; empty for a blank line.</summary>
    internal string Text { get; } = PrintableText.Create(text);

    internal Outcome Outcome { get; } = outcome;
}
