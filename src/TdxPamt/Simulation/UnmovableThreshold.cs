namespace TdxPamt.Simulation;

/// <summary>The fraction of unmovable page blocks up to which the PAMTs find room with a given probability.</summary>
/// <remarks>Immutable and equal by value. Fractions are from 0 to 1.</remarks>
public sealed record UnmovableThreshold
{
    internal UnmovableThreshold(double level, int trialsPerPoint)
    {
        Level = level;
        TrialsPerPoint = trialsPerPoint;
    }

    /// <summary>The probability of success that was asked for, above 0 and below 1.</summary>
    public double Level { get; }

    /// <summary>How many trials each fraction got.</summary>
    public int TrialsPerPoint { get; }

    /// <summary>How many fractions were tried.</summary>
    public int Points { get; internal init; }

    /// <summary>The highest fraction at which the share of successful trials was the level or more; 0 where it was less
    /// even at 0.</summary>
    public double Unmovable { get; internal init; }

    /// <summary>The highest fraction at which the 95 % interval of the probability was at the level or above; 0 where
    /// trials are too few to tell.</summary>
    public double Low { get; internal init; }

    /// <summary>The lowest fraction at which that interval was below the level; 1 where it never was.</summary>
    public double High { get; internal init; }

    /// <summary>Whether the level is reached where nothing is fragmented; if not, it is reached nowhere.</summary>
    public bool IsReachable { get; internal init; }

    /// <summary>Whether the search was completed; false where it was cancelled.</summary>
    public bool IsComplete { get; internal init; }

    /// <summary>The threshold and its interval: <c>0.05 (0.04 to 0.06) for 0.999</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => FormattableString.Invariant($"{Unmovable} ({Low} to {High}) for {Level}");
}
