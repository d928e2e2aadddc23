using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>What a boot log says its own kernel did: how much it allocated for PAMTs, or how it
/// failed; docs/model.md#boot-log.</summary>
/// <remarks>Immutable and equal by value. Where a log has several outcomes, the last one counts.</remarks>
public sealed record ReportedOutcome
{
    /// <summary>How many KiB that kernel allocated for PAMTs; null where it printed no figure.</summary>
    public ulong? PamtKiB { get; init; }

    /// <summary>How that kernel failed, in its own sentence without the full stop; where only the number is known,
    /// <c>module initialization failed (-28)</c>. Null where it did not fail.</summary>
    public string? Error { get; init; }

    /// <summary>The error number it failed with, as a positive number: 28 is ENOSPC. Null where it is
    /// not known.</summary>
    public int? ErrnoValue { get; init; }

    /// <summary>Whether that kernel printed that it initialized the module, without a figure for PAMTs.</summary>
    public bool IsInitialized { get; init; }

    /// <summary>Why TDX stopped where that does not depend on the layout, in words; null otherwise. Such an outcome
    /// neither confirms nor contradicts a plan.</summary>
    public string? StopReason
    {
        get => field
            ?? (ErrnoValue is { } number && Error == OfNumber(number).Error && !IsOfLayout(number) ? Error : null);
        init;
    }

    /// <summary>The status of the SEAMCALL that failed; null where none did.</summary>
    public CompletionStatus? Completion { get; init; }

    /// <summary>The name of the SEAMCALL that failed, such as <c>TDH_SYS_CONFIG</c>; null where none did, or
    /// where it has no name here.</summary>
    public string? LeafName { get; init; }

    /// <summary>Whether TDX started.</summary>
    internal bool HasStarted => IsInitialized || PamtKiB is not null;

    /// <summary>Which failure the sentence stands for; null where the sentence itself is compared.</summary>
    internal TdmrFailureCode? Code { get; init; }

    /// <summary>Whether a plan has the same outcome.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>Whether it allocates as many KiB, or fails with the same sentence; where only the number is known, with
    /// the same number.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> is null.</exception>
    public bool Matches(HostPlan plan)
    {
        Preconditions.NotNull(plan, nameof(plan));
        if (IsInitialized)
            return plan.Works;
        if (Error is null)
            return plan.IsConstructed && plan.PamtKiB == PamtKiB;
        if (plan.Failure is not { } failure)
            return false;
        if (Code is { } code)
            return failure.Code == code;
        return ErrnoValue is { } number && this == OfNumber(number)
            ? (int?)failure.Errno == number
            : string.Equals(failure.Message, Error, StringComparison.Ordinal);
    }

    /// <summary>The outcome as the kernel prints it: <c>1050644 KB allocated for PAMT</c>.</summary>
    /// <returns>The text; empty where nothing is known.</returns>
    public override string ToString() =>
        Error
        ?? (IsInitialized ? "TDX module initialized"
            : PamtKiB is null ? "" : FormattableString.Invariant($"{PamtKiB} KB allocated for PAMT"));

    /// <summary>The outcome and, for a plan without strategies, whether it has the same.</summary>
    internal string Compare(HostPlan plan) =>
        plan.Strategies != PlanStrategies.None || plan.AgreesWithReport is null ? ToString()
        : $"{this}; the plan {(Matches(plan) ? "matches" : "DOES NOT match")}";

    /// <summary>A failure of which the log tells the number alone.</summary>
    internal static ReportedOutcome OfNumber(int number) =>
        new() { Error = FormattableString.Invariant($"module initialization failed (-{number})"), ErrnoValue = number };

    /// <summary>Whether the layout can bring an error number: E2BIG, ENOMEM, EINVAL, ENOSPC.</summary>
    private static bool IsOfLayout(int number) => number is 7 or 12 or 22 or 28;
}
