using TdxPamt.Simulation;

namespace TdxPamt.Hosts;

/// <summary>Up to which fraction of unmovable page blocks one allocator policy finds room for the PAMTs.</summary>
/// <param name="Allocator">The policy that chose pages.</param>
/// <param name="Found">The fraction and its uncertainty.</param>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record SimulationThreshold(AllocatorPolicy Allocator, UnmovableThreshold Found);
