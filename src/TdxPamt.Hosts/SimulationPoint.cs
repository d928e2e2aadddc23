using TdxPamt.Simulation;

namespace TdxPamt.Hosts;

/// <summary>What came of the trials of one way to choose pages at one fraction of unmovable page blocks.</summary>
/// <param name="Allocator">How pages were chosen.</param>
/// <param name="Unmovable">The fraction of page blocks that hold an unmovable page, 0 to 1.</param>
/// <param name="Result">What came of the trials.</param>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record SimulationPoint(AllocatorPolicy Allocator, double Unmovable, SimulationResult Result);
