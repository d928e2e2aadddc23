namespace TdxPamt.Simulation;

/// <summary>What the pipeline asks of the allocator for one TDMR.</summary>
/// <param name="Pages">The contiguous pages for its three PAMTs.</param>
/// <param name="Node">Its node.</param>
/// <param name="Order">The nodes to look in.</param>
internal readonly record struct TrialRequest(ulong Pages, int Node, int[] Order);
