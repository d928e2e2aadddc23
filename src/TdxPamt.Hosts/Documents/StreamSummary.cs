namespace TdxPamt.Hosts;

/// <summary>What went through a stream, such as a <see cref="PlanStream"/> or a <see cref="CheckStream"/>.</summary>
/// <param name="Lines">How many lines were read, and also written.</param>
/// <param name="Invalid">How many of them were not such documents.</param>
/// <param name="Failed">How many of them were hosts that cannot be configured, or TDMRs that the
/// module rejects.</param>
/// <remarks>Immutable; <c>default</c> is the summary of an empty stream.</remarks>
public readonly record struct StreamSummary(long Lines, long Invalid, long Failed);
