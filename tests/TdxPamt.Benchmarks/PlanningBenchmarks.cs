using BenchmarkDotNet.Attributes;
using TdxPamt.Memory;
using TdxPamt.Planning;

namespace TdxPamt.Benchmarks;

/// <summary>The best plan for 64 stretches of memory with a thousand holes, more than their TDMRs take.</summary>
[MemoryDiagnoser]
public class PlanningBenchmarks
{
    private HostMemory _host = null!;

    [Params(15, 17)]
    public int HolesEach { get; set; }

    [GlobalSetup]
    public void SetUp() => _host = BenchmarkHosts.ManyHoles(HolesEach);

    [Benchmark]
    public ulong Plan() => new MemoryPlanner().Plan(_host).PamtPages;
}
