using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>A cell of a table: what it says and how that is to be taken.</summary>
/// <remarks>Equal by value. <c>default</c> is an empty cell.</remarks>
internal readonly record struct PageCell
{
    private readonly string? _text;

    private PageCell(string text, Outcome outcome, string? note)
    {
        _text = PrintableText.Create(text);
        Outcome = outcome;
        Note = note is null ? null : PrintableText.Create(note);
    }

    /// <summary>What it says, fit for a terminal.</summary>
    internal string Text => _text ?? "";

    internal Outcome Outcome { get; }

    /// <summary>The details, which may be shown below the table; null for none.</summary>
    internal string? Note { get; }

    public static implicit operator PageCell(string text) => new(text, Outcome.Neutral, note: null);

    internal static PageCell Create(string text, Outcome outcome, string? note = null) => new(text, outcome, note);

    /// <summary>The cell in full, its note after a colon.</summary>
    public override string ToString() => Note is null ? Text : $"{Text}: {Note}";
}
