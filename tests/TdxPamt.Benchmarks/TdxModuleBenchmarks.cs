using BenchmarkDotNet.Attributes;
using TdxPamt.Module;

namespace TdxPamt.Benchmarks;

/// <summary>The module behind a simulator: 1 TiB of TDMR.INIT on sparse memory, looks at pages then, and page pairs
/// that eight threads add and remove, each in its own part of a TDMR.</summary>
[MemoryDiagnoser]
public class TdxModuleBenchmarks
{
    private const ulong TiB = 1UL << 40;
    private const ulong Region = 1UL << 21;
    private const ulong Pair = 1UL << 36;
    private const int Threads = 8;
    private const int PairsOfThread = 2000;

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

    [Benchmark(OperationsPerInvoke = Threads * PairsOfThread)]
    public void AddAndRemovePairFromEightThreads()
    {
        Thread[] threads = new Thread[Threads];
        for (int i = 0; i < Threads; i++)
        {
            ulong part = (ulong)(i + 1) * (TiB / 16);
            threads[i] = new Thread(() => AddAndRemovePairs(part));
            threads[i].Start();
        }

        foreach (Thread thread in threads)
            thread.Join();
    }

    private void AddAndRemovePairs(ulong part)
    {
        for (ulong i = 0; i < PairsOfThread; i++)
        {
            ulong region = part + (i % 256 * Region);
            ulong page = part + (TiB / 32) + (i % 256 * 2 * 4096);
            Retry(58, region | 1, page, page + 4096);
            Retry(59, region | 1, 0, 0);
        }
    }

    /// <summary>Calls until no other thread holds what the call needs, as a host does.</summary>
    private void Retry(ulong leaf, ulong rcx, ulong rdx, ulong r8)
    {
        CompletionStatus status;
        do
        {
            SeamcallRegisters registers = new() { Rax = leaf, Rcx = rcx, Rdx = rdx, R8 = r8 };
            status = _dynamic.Call(ref registers);
        }
        while (status.Code == CompletionCode.OperandBusy);
        if (!status.IsSuccess)
            throw new InvalidOperationException($"leaf {leaf} ends with {status}");
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
