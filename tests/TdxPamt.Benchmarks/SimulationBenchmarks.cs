using BenchmarkDotNet.Attributes;
using TdxPamt.Simulation;

namespace TdxPamt.Benchmarks;

/// <summary>A trial on eight nodes with 6 TiB, where one in a thousand page blocks is lost, or one in twenty.</summary>
[MemoryDiagnoser]
public class SimulationBenchmarks
{
    private const int Trials = 200;

    private PamtSimulation _simulation = null!;
    private SimulationOptions _options = null!;

    [Params(1, 2)]
    public int Threads { get; set; }

    [Params(0.001, 0.05)]
    public double Unmovable { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _simulation = PamtSimulation.Create(HostMemory.Create(BenchmarkHosts.Regions(BenchmarkHost.EightNode)));
        _options = new() { Trials = Trials, Threads = Threads };
    }

    [Benchmark(OperationsPerInvoke = Trials)]
    public int Trial() => _simulation.Run(Fragmentation.Uniform(Unmovable), _options).Success.Successes;
}
