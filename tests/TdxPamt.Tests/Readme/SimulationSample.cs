using TdxPamt.Simulation;

namespace TdxPamt.Tests.Readme;

/// <summary>What the documentation shows of a simulation.</summary>
internal static class SimulationSample
{
    internal static void Run(TextWriter Console, HostMemory host)
    {
        PamtSimulation simulation = PamtSimulation.Create(host);
        SimulationResult result = simulation.Run(Fragmentation.Uniform(0.1), new() { Trials = 1000, Seed = 1 });
        Console.WriteLine($"{result.Success} of trials succeed"); // the share and its 95 % interval
        UnmovableThreshold threshold = simulation.FindThreshold(level: 0.99);
        Console.WriteLine($"99 % do up to {threshold.Unmovable:P1} of unmovable page blocks");
    }
}
