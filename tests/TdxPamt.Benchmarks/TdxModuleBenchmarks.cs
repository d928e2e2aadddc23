using BenchmarkDotNet.Attributes;
using TdxPamt.Module;

namespace TdxPamt.Benchmarks;

/// <summary>The module behind a simulator: 1 TiB of TDMR.INIT on sparse memory, and looks at pages then.</summary>
[MemoryDiagnoser]
public class TdxModuleBenchmarks
{
    private const ulong TiB = 1UL << 40;
    private const ulong Region = 1UL << 21;
    private const ulong Pair = 1UL << 36;

    private TdxModule _static = null!;
    private TdxModule _dynamic = null!;
    private ulong _page;

    [GlobalSetup]
    public void SetUp()
    {
        _static = Initialize(isDynamic: false);
        _dynamic = Initialize(isDynamic: true);
        SeamcallRegisters registers = new() { Rax = 58, Rcx = Region | 1, Rdx = Pair, R8 = Pair + 4096 };
        _dynamic.Call(ref registers);
    }

    [Benchmark]
    public TdxModule TdmrInitOfOneTiB() => Initialize(isDynamic: false);

    [Benchmark]
    public TdxModule TdmrInitOfOneTiBDynamic() => Initialize(isDynamic: true);

    [Benchmark]
    public PamtPage LookUp()
    {
        _page = (_page + 0x123456789000) % TiB;
        _static.TryGetPage(_page, out PamtPage page);
        return page;
    }

    [Benchmark]
    public PamtPage LookUpInAPair()
    {
        _page = (_page + 0x1000) % Region;
        _dynamic.TryGetPage(Region + _page, out PamtPage page);
        return page;
    }

    [Benchmark]
    public ulong ReadMetadata()
    {
        SeamcallRegisters registers = new() { Rax = 24, Rcx = Region };
        _static.Call(ref registers);
        return registers.Rcx;
    }

    private static TdxModule Initialize(bool isDynamic)
    {
        SparsePhysicalMemory memory = new();
        TdxModule module = new([new(0, 4 * TiB)], memory: memory);
        PamtSizes sizes = PamtSizes.Calculate(TiB, new ModuleParameters { DynamicPamt = isDynamic });
        TdmrInfoEntry tdmr = new() { Base = 0, Size = TiB };
        tdmr.Pamt4K = new(2 * TiB, sizes.Page4K);
        tdmr.Pamt2M = new((2 * TiB) + sizes.Page4K, sizes.Page2M);
        tdmr.Pamt1G = new((2 * TiB) + sizes.Page4K + sizes.Page2M, sizes.Page1G);
        memory.WriteTdmrInfos(3 * TiB, [tdmr]);
        Call(module, 33);
        Call(module, 35);
        Call(module, 45, 3 * TiB, 1, 32 | (isDynamic ? 1UL << 16 : 0));
        Call(module, 31);
        ulong next;
        do
            next = Call(module, 36);
        while (next < TiB);
        return module;
    }

    private static ulong Call(TdxModule module, ulong leaf, ulong rcx = 0, ulong rdx = 0, ulong r8 = 0)
    {
        SeamcallRegisters registers = new() { Rax = leaf, Rcx = rcx, Rdx = rdx, R8 = r8 };
        if (!module.Call(ref registers).IsSuccess)
            throw new InvalidOperationException($"leaf {leaf} ends with {registers}");
        return registers.Rdx;
    }
}
