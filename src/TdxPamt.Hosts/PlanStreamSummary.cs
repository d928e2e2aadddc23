namespace TdxPamt.Hosts;

/// <summary>What went through a <see cref="PlanStream"/>.</summary>
/// <param name="Lines">How many lines were read, and as many written.</param>
/// <param name="Invalid">How many of them were no host documents.</param>
/// <param name="Failed">How many of them were hosts that cannot be configured.</param>
/// <remarks>Immutable; <c>default</c> is an empty stream's.</remarks>
public readonly record struct PlanStreamSummary(long Lines, long Invalid, long Failed);
