using BenchmarkDotNet.Attributes;
using TdxPamt.Module;

namespace TdxPamt.Benchmarks;

/// <summary>The checks of TDH.SYS.CONFIG on 64 TDMRs with 16 reserved areas each.</summary>
[MemoryDiagnoser]
public class SysConfigBenchmarks
{
    private const int Tdmrs = 64;

    private readonly TdmrInfoEntry[] _accepted = new TdmrInfoEntry[Tdmrs];
    private readonly TdmrInfoEntry[] _rejected = new TdmrInfoEntry[Tdmrs];
    private readonly TdmrInfoEntry[] _read = new TdmrInfoEntry[Tdmrs];
    private readonly byte[] _bytes = new byte[Tdmrs * TdmrInfoEntry.Stride];
    private readonly CmrInfo[] _cmrs = [new(0, 256UL << 30)];

    [GlobalSetup]
    public void SetUp()
    {
        PamtSizes sizes = PamtSizes.Calculate(1UL << 30);
        for (int i = 0; i < Tdmrs; i++)
        {
            ulong chunk = (128UL << 30) + ((ulong)i << 30);
            _accepted[i].Base = (ulong)i << 30;
            _accepted[i].Size = 1UL << 30;
            _accepted[i].Pamt4K = new(chunk, sizes.Page4K);
            _accepted[i].Pamt2M = new(chunk + sizes.Page4K, sizes.Page2M);
            _accepted[i].Pamt1G = new(chunk + sizes.Page4K + sizes.Page2M, sizes.Page1G);
            for (int area = 0; area < TdmrInfoEntry.MaxReservedAreas; area++)
                _accepted[i].SetReservedArea(area, new((ulong)area << 24, 0x1000));
        }

        _accepted.CopyTo(_rejected, 0);
        _rejected[^1].Pamt1G = _rejected[0].Pamt1G;
        TdmrInfoTable.Write(_accepted, _bytes);
    }

    [Benchmark(Baseline = true)]
    public CompletionStatus Accepted() => SysConfig.Check(_accepted, _cmrs);

    [Benchmark]
    public CompletionStatus AcceptedFromBytes()
    {
        TdmrInfoTable.Read(_bytes, _read);
        return SysConfig.Check(_read, _cmrs);
    }

    [Benchmark]
    public CompletionStatus OverlapInTheLast() => SysConfig.Check(_rejected, _cmrs);
}
