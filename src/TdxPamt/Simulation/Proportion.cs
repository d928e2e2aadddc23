namespace TdxPamt.Simulation;

/// <summary>How many of some independent trials succeeded, and the 95 % confidence interval
/// of the probability.</summary>
/// <remarks>Immutable; <c>default</c> is no trials, whose interval is 0 to 1.</remarks>
public readonly record struct Proportion
{
    /// <summary>The 97.5 % quantile of the normal distribution.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>Makes a proportion.</summary>
    /// <param name="successes">How many trials succeeded, 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">How many trials there were, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is not in its interval.</exception>
    public Proportion(int successes, int trials)
    {
        Trials = Preconditions.InRange(trials, 0, int.MaxValue, nameof(trials));
        Successes = Preconditions.InRange(successes, 0, trials, nameof(successes));
    }

    /// <summary>How many trials succeeded.</summary>
    public int Successes { get; }

    /// <summary>How many trials there were.</summary>
    public int Trials { get; }

    /// <summary>The share of trials that succeeded, 0 to 1; 0 where there were none.</summary>
    public double Value => Trials == 0 ? 0 : (double)Successes / Trials;

    /// <summary>The lower end of the 95 % Wilson interval of the probability, 0 to 1.</summary>
    public double Low => Successes == 0 ? 0 : Math.Max(0, Centre - HalfWidth);

    /// <summary>The upper end of the 95 % Wilson interval of the probability, 0 to 1.</summary>
    public double High => Successes == Trials ? 1 : Math.Min(1, Centre + HalfWidth);

    private double Shrink => 1 + (Z * Z / Trials);

    private double Centre => (Value + (Z * Z / (2.0 * Trials))) / Shrink;

    private double HalfWidth =>
        Z / Shrink * Math.Sqrt((Value * (1 - Value) / Trials) + (Z * Z / (4.0 * Trials * Trials)));

    /// <summary>The share and its interval: <c>0.5 (0.237 to 0.763)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => FormattableString.Invariant($"{Value:0.####} ({Low:0.####} to {High:0.####})");
}
