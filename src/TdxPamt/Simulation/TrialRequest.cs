namespace TdxPamt.Simulation;

/// <summary>What a construction asks of the allocator for one TDMR.</summary>
/// <param name="Pages">The contiguous pages for its three PAMTs.</param>
/// <param name="Node">The TDMR's node; it may be one without RAM.</param>
/// <param name="Nodes">The nodes to look in, in this order.</param>
internal readonly record struct TrialRequest(ulong Pages, int Node, int[] Nodes);
