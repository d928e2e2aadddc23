namespace TdxPamt.Hosts;

/// <summary>What simulations say of a host: whether its PAMTs still find room once memory is in use.</summary>
/// <param name="Name">The host's name.</param>
/// <param name="Kernel">The kernel that was followed.</param>
/// <param name="Trials">How many trials were asked for per point, 1 to 2^31 - 1.</param>
/// <param name="Seed">The seed of the random numbers of all trials.</param>
/// <remarks>Immutable as long as its lists are; safe for many threads then.</remarks>
public sealed record SimulationReport(string Name, KernelModel Kernel, int Trials, ulong Seed)
{
    /// <summary>What was simulated, in the order in which it is shown.</summary>
    public IReadOnlyList<SimulationPoint> Points { get; init; } = [];

    /// <summary>The thresholds that were searched for.</summary>
    public IReadOnlyList<SimulationThreshold> Thresholds { get; init; } = [];

    /// <summary>Why the host cannot be configured even with all pages free; null where it can be.</summary>
    public TdmrFailure? Failure { get; init; }

    /// <summary>What was assumed or limits the result, each a sentence.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether everything that was asked for was done; false where it was interrupted.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>What was simulated: <c>fox-creek-pass, mainline: 3 points of 100 trials</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name}, {Kernel}: {Points.Count} points of {Trials} trials";

    /// <summary>Throws where a caller has put null in it, before any of it is written.</summary>
    internal void ThrowIfNull()
    {
        if (Name is null || Kernel is null || Points is null || Thresholds is null || Warnings is null
            || Points.Any(static point => point is null or { Allocator: null } or { Result: null })
            || Thresholds.Any(static threshold => threshold is null or { Allocator: null } or { Found: null })
            || Warnings.Any(static warning => warning is null))
        {
            throw new ArgumentException("a report must hold no null but for its failure");
        }
    }
}
