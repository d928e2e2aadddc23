using BenchmarkDotNet.Attributes;
using TdxPamt.Planning;

namespace TdxPamt.Benchmarks;

/// <summary>The best plan for stretches of memory with a thousand holes, more than their TDMRs take: 64 of them, with
/// CMRs or without, and 72, for which TDMRs run out.</summary>
[MemoryDiagnoser]
public class PlanningBenchmarks
{
    private HostMemory _host = null!;

    [Params(15, 17)]
    public int HolesEach { get; set; }

    [Params(64, 72)]
    public int Stretches { get; set; }

    [Params(false, true)]
    public bool Cmrs { get; set; }

    [GlobalSetup]
    public void SetUp() => _host = BenchmarkHosts.ManyHoles(HolesEach, Stretches, Cmrs);

    [Benchmark]
    public ulong Plan() => new MemoryPlanner().Plan(_host).PamtPages;
}
