using BenchmarkDotNet.Attributes;

namespace TdxPamt.Benchmarks;

/// <summary>A chunk for the PAMTs of 64 GiB on 32 nodes with 64 TiB and a million blocked pages: only the highest 1 GiB
/// of each node has none, so the search goes through all that is below.</summary>
[MemoryDiagnoser]
public class AllocationBenchmarks
{
    private const int Nodes = 32;
    private const int Blocked = 1_000_000;
    private const ulong GiB = 1UL << 30;
    private const ulong NodeBytes = 2048 * GiB;
    private const ulong Pages = 65_666;

    private HostMemory _host = null!;
    private FreePageIndex _index = null!;
    private LinuxPageAllocator _allocator = null!;
    private BlockedRange[] _blocked = [];

    [GlobalSetup]
    public void SetUp()
    {
        const ulong blockedOfNode = Blocked / Nodes;
        const ulong distance = (NodeBytes - GiB) / blockedOfNode & ~(AddressRange.PageBytes - 1);
        _blocked =
        [
            .. Enumerable.Range(0, Blocked).Select(static i =>
            {
                ulong node = (ulong)i / blockedOfNode;
                ulong start = (4 * GiB) + (node * NodeBytes) + ((ulong)i % blockedOfNode * distance);
                return new BlockedRange(
                    AddressRange.Create(start, start + AddressRange.PageBytes), BlockedKind.Unmovable);
            }),
        ];
        _host = HostMemory.Create(
            Enumerable.Range(0, Nodes).Select(static node =>
            {
                ulong start = (4 * GiB) + ((ulong)node * NodeBytes);
                return new MemoryRegion(AddressRange.Create(start, start + NodeBytes), node);
            }),
            blocked: _blocked);
        _index = FreePageIndex.Create(_host);
        _allocator = new LinuxPageAllocator(_index);
        if (Allocate() != Scan())
            throw new InvalidOperationException("the scan finds other pages");
    }

    [Benchmark]
    public FreePageIndex BuildIndex() => FreePageIndex.Create(_host);

    [Benchmark]
    public ulong Allocate()
    {
        if (!_allocator.TryAllocate(Pages, _host.FallbackOrder(Nodes - 1), out ulong address))
            throw new InvalidOperationException("no room");
        _allocator.Free(address, Pages);
        return address;
    }

    /// <summary>Candidate by candidate, each against the next blocked page; without an index.</summary>
    [Benchmark(Baseline = true)]
    public ulong Scan()
    {
        ulong zoneStart = ((4 * GiB) + ((Nodes - 1) * NodeBytes)) / AddressRange.PageBytes;
        ulong zoneEnd = zoneStart + (NodeBytes / AddressRange.PageBytes);
        int next = 0;
        for (ulong first = (zoneStart + Pages - 1) & ~(Pages - 1); first + Pages <= zoneEnd; first += Pages)
        {
            ulong start = first * AddressRange.PageBytes;
            while (next < _blocked.Length && _blocked[next].Range.End <= start)
                next++;
            if (first >= zoneStart
                && (next == _blocked.Length || _blocked[next].Range.Start >= start + (Pages * AddressRange.PageBytes)))
            {
                return start;
            }
        }

        throw new InvalidOperationException("no room");
    }
}
