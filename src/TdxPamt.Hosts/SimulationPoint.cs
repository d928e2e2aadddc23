using TdxPamt.Simulation;

namespace TdxPamt.Hosts;

/// <summary>The result of the trials of one allocator policy at one fraction of unmovable page blocks.</summary>
/// <param name="Allocator">The policy that chose pages.</param>
/// <param name="Unmovable">The fraction of page blocks that hold an unmovable page, 0 to 1.</param>
/// <param name="Result">The result of the trials.</param>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record SimulationPoint(AllocatorPolicy Allocator, double Unmovable, SimulationResult Result);
