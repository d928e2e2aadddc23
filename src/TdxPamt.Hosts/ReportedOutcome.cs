namespace TdxPamt.Hosts;

/// <summary>What a boot log says its own kernel did: how much it allocated for PAMTs, or how it failed.</summary>
/// <remarks>Immutable and equal by value. Where a log says it several times, the last time counts.</remarks>
public sealed record ReportedOutcome
{
    /// <summary>How many KiB that kernel allocated for PAMTs; null where it failed.</summary>
    public ulong? PamtKiB { get; init; }

    /// <summary>How that kernel failed, in its own sentence without the dot; where only the number is known,
    /// <c>module initialization failed (-28)</c>. Null where it did not fail.</summary>
    public string? Error { get; init; }

    /// <summary>The error number it failed with, as a positive number: 28 is ENOSPC. Null where it is not
    /// known.</summary>
    public int? ErrnoValue { get; init; }

    /// <summary>Says whether a plan comes to the same.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>Whether it allocates as many KiB, or fails with the same sentence; where only the number is known, with
    /// the same number.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> is null.</exception>
    public bool Matches(HostPlan plan)
    {
        _ = plan ?? throw new ArgumentNullException(nameof(plan));
        if (Error is null)
            return plan.IsConstructed && plan.PamtKiB == PamtKiB;
        if (plan.Failure is not { } failure)
            return false;
        return ErrnoValue is { } number && this == OfNumber(number)
            ? (int?)failure.Errno == number
            : string.Equals(failure.Message, Error, StringComparison.Ordinal);
    }

    /// <summary>A failure of which the log tells the number alone.</summary>
    internal static ReportedOutcome OfNumber(int number) =>
        new() { Error = FormattableString.Invariant($"module initialization failed (-{number})"), ErrnoValue = number };
}
