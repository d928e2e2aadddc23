namespace TdxPamt.Cli;

/// <summary>How a line or a cell is to be taken; a terminal shows it as a colour.</summary>
internal enum Outcome
{
    /// <summary>A statement without a judgement.</summary>
    Neutral,

    /// <summary>Something works.</summary>
    Good,

    /// <summary>Something fails or is rejected.</summary>
    Bad,

    /// <summary>Something may be wrong.</summary>
    Warning,
}
