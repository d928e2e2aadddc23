namespace TdxPamt.Hosts;

/// <summary>What went through a <see cref="PlanStream"/> or a <see cref="CheckStream"/>.</summary>
/// <param name="Lines">How many lines were read, and as many written.</param>
/// <param name="Invalid">How many of them were no documents of the kind.</param>
/// <param name="Failed">How many of them were hosts that cannot be configured, or TDMRs that the module
/// rejects.</param>
/// <remarks>Immutable; <c>default</c> is an empty stream's.</remarks>
public readonly record struct StreamSummary(long Lines, long Invalid, long Failed);
