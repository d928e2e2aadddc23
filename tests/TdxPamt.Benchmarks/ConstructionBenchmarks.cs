using BenchmarkDotNet.Attributes;

namespace TdxPamt.Benchmarks;

/// <summary>From a host, or from raw regions, to its TDMRs and back to an allocator with everything free; the ratios
/// are those to the same from raw regions in C.</summary>
[MemoryDiagnoser]
public class ConstructionBenchmarks
{
    internal const int TimesInC = 100;

    private MemoryRegion[] _regions = [];
    private HostMemory _host = null!;
    private TdmrConstructor _constructor = null!;
    private CYardstick? _yardstick;

    [Params(BenchmarkHost.TwoSocket, BenchmarkHost.EightNode, BenchmarkHost.SixteenNode)]
    public BenchmarkHost Host { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _regions = BenchmarkHosts.Regions(Host);
        _host = HostMemory.Create(_regions);
        _constructor = new(new LinuxPageAllocator(_host));
    }

    [GlobalSetup(Target = nameof(InC))]
    public void SetUpC()
    {
        SetUp();
        _yardstick = new(_regions);
        if (_yardstick.Run(times: 1) != FromHost())
            throw new InvalidOperationException("C finds other TDMRs");
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = TimesInC)]
    public ulong InC() => _yardstick!.Run(TimesInC);

    [Benchmark]
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
