namespace TdxPamt.Simulation;

/// <summary>How a simulation runs.</summary>
/// <remarks>Immutable and equal by value. Results depend on the trials and the seed, never on threads.</remarks>
public sealed record SimulationOptions
{
    /// <summary>10,000 trials, seed 1, all cores.</summary>
    public static SimulationOptions Default { get; } = new();

    /// <summary>How many trials to run, 1 to 2^31 - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int Trials
    {
        get;
        init => field = Preconditions.InRange(value, 1, int.MaxValue, nameof(Trials));
    } = 10_000;

    /// <summary>The number from which the random numbers of all trials are derived; any number.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many threads run trials, the calling one included, 1 to 1024; by default
    /// one per processor.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in that interval.</exception>
    public int Threads { get; init => field = Preconditions.InRange(value, 1, 1024, nameof(Threads)); } =
        Math.Min(Environment.ProcessorCount, 1024);

    /// <summary>Gets the number of trials that are done, from time to time and at the end, on the calling thread. In a
    /// search for a threshold, they are those of the fraction that is being tried. What it throws ends the simulation
    /// and reaches its caller. Null disables reports.</summary>
    public IProgress<int>? Progress { get; init; }

    /// <summary>All but the progress: <c>100 trials, seed 1, 2 threads</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Trials} trials, seed {Seed}, {Threads} threads";
}
