using BenchmarkDotNet.Attributes;

namespace TdxPamt.Benchmarks;

[MemoryDiagnoser]
public class SizingBenchmarks
{
    private ulong _size = 125UL << 30;

    [Benchmark]
    public PamtSizes Calculate() => PamtSizes.Calculate(_size);
}
