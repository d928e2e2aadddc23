namespace TdxPamt.Simulation;

/// <summary>The largest run of free pages before PAMTs are allocated, over all trials.</summary>
/// <param name="MinBytes">The smallest of them, in bytes; 0 without trials.</param>
/// <param name="MeanBytes">Their mean, in bytes; 0 without trials.</param>
/// <param name="MaxBytes">The largest of them, in bytes; 0 without trials.</param>
/// <remarks>A run lies in one zone. Immutable; <c>default</c> is that of no trials.</remarks>
/// <exception cref="ArgumentOutOfRangeException">The mean is not from 0 to 2^52.</exception>
public readonly record struct LargestRuns(ulong MinBytes, double MeanBytes, ulong MaxBytes)
{
    /// <summary>Their mean, in bytes; 0 without trials.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 2^52.</exception>
    public double MeanBytes { get; init => field = Check(value, nameof(MeanBytes)); } =
        Check(MeanBytes, nameof(MeanBytes));

    /// <summary>The three sizes: <c>4096 to 8192 bytes, 6000 on average</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        FormattableString.Invariant($"{MinBytes} to {MaxBytes} bytes, {MeanBytes:0} on average");

    private static double Check(double mean, string name) => mean >= 0 && mean <= AddressRange.Limit
        ? mean
        : throw new ArgumentOutOfRangeException(name, mean, $"{name} must be from 0 to 2^52");
}
