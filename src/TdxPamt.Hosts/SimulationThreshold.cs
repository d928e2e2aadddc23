using TdxPamt.Simulation;

namespace TdxPamt.Hosts;

/// <summary>Up to which fraction of unmovable page blocks one way to choose pages finds room.</summary>
/// <param name="Allocator">How pages were chosen.</param>
/// <param name="Found">The fraction and its uncertainty.</param>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record SimulationThreshold(AllocatorPolicy Allocator, UnmovableThreshold Found);
