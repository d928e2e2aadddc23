namespace TdxPamt.Simulation;

/// <summary>What a construction asks of the allocator for one TDMR.</summary>
/// <param name="Pages">The contiguous pages for its three PAMTs.</param>
/// <param name="Nodes">The nodes to look in, its own first.</param>
internal readonly record struct TrialRequest(ulong Pages, int[] Nodes);
