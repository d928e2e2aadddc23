using TdxPamt.Simulation;

namespace TdxPamt.Hosts;

/// <summary>The result of the trials of one allocator policy at one fraction of unmovable page blocks.</summary>
/// <param name="Allocator">The policy that chose pages.</param>
/// <param name="Unmovable">The fraction of page blocks that hold an unmovable page, 0 to 1.</param>
/// <param name="Result">The result of the trials.</param>
/// <remarks>Immutable and equal by value.</remarks>
/// <exception cref="ArgumentOutOfRangeException">The fraction is not from 0 to 1.</exception>
public sealed record SimulationPoint(AllocatorPolicy Allocator, double Unmovable, SimulationResult Result)
{
    /// <summary>The fraction of page blocks that hold an unmovable page, 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    public double Unmovable { get; init => field = Check(value, nameof(Unmovable)); } =
        Check(Unmovable, nameof(Unmovable));

    /// <summary>The point: <c>linux at 0.05: 0.5 (0.237 to 0.763)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => FormattableString.Invariant($"{Allocator} at {Unmovable}: {Result?.Success}");

    private static double Check(double unmovable, string name) => unmovable is >= 0 and <= 1
        ? unmovable
        : throw new ArgumentOutOfRangeException(name, unmovable, $"{name} must be from 0 to 1");
}
