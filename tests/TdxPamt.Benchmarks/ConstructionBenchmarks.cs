using BenchmarkDotNet.Attributes;

namespace TdxPamt.Benchmarks;

/// <summary>From a host to its TDMRs and back to an allocator with everything free.</summary>
[MemoryDiagnoser]
public class ConstructionBenchmarks
{
    private MemoryRegion[] _regions = [];
    private HostMemory _host = null!;
    private TdmrConstructor _constructor = null!;

    [Params(BenchmarkHost.TwoSocket, BenchmarkHost.EightNode, BenchmarkHost.SixteenNode)]
    public BenchmarkHost Host { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _regions = BenchmarkHosts.Regions(Host);
        _host = HostMemory.Create(_regions);
        _constructor = new(new LinuxPageAllocator(_host));
    }

    [Benchmark(Baseline = true)]
    public ulong FromHost()
    {
        using TdmrConstruction construction = _constructor.Construct(_host);
        return construction.PamtPages;
    }

    [Benchmark]
    public ulong FromRegions()
    {
        HostMemory host = HostMemory.Create(_regions);
        using TdmrConstruction construction = new TdmrConstructor(new LinuxPageAllocator(host)).Construct(host);
        return construction.PamtPages;
    }
}
