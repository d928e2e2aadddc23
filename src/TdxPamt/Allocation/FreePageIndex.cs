namespace TdxPamt;

/// <summary>The pages of a machine that can be handed out, by node and zone: built once, then
/// shared by allocators.</summary>
/// <remarks>
/// <para>It holds the runs of RAM at or above 1 MiB that nothing blocks. Time and memory grow with the number of
/// regions and blocked ranges, not with the machine's size.</para>
/// <para>Immutable and safe for many threads.</para>
/// </remarks>
public sealed class FreePageIndex
{
    private readonly Zone[]?[] _zonesByNode;
    private readonly Zone[] _zones;
    private readonly HostMemory? _secondPass;
    private FreePageIndex? _above2M;
    private FreePageIndex? _above1G;

    private FreePageIndex(Zone[]?[] zonesByNode, HostMemory? secondPass)
    {
        _secondPass = secondPass;
        _zonesByNode = zonesByNode;
        _zones = [.. zonesByNode.SelectMany(static zones => zones ?? [])];
        foreach (Zone zone in _zones)
        {
            LongestRun = Math.Max(LongestRun, zone.LongestRun);
            foreach (PageRun run in zone.Runs)
                FreePages += run.Length;
        }
    }

    /// <summary>How many 4 KiB pages can be handed out.</summary>
    public ulong FreePages { get; }

    /// <summary>How many 4 KiB pages the longest run in one zone has.</summary>
    public ulong LongestRun { get; }

    /// <summary>All zones by node, each node's in the order of search: Normal, DMA32, DMA.</summary>
    internal ReadOnlySpan<Zone> Zones => _zones;

    /// <summary>Indexes a running machine: all <see cref="HostMemory.BlockedRanges"/> are blocked.</summary>
    /// <param name="host">The machine.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public static FreePageIndex Create(HostMemory host)
    {
        Preconditions.NotNull(host, nameof(host));
        return Create(host, isBlocked: null, HasHugePages(host) ? host : null);
    }

    /// <summary>Indexes a machine early at boot: only <see cref="BlockedKind.Reserved"/> pages are blocked, because
    /// nothing unmovable is in use yet and the pool of huge pages is empty.</summary>
    /// <param name="host">The machine.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public static FreePageIndex CreateAtBoot(HostMemory host) =>
        Create(
            Preconditions.NotNull(host, nameof(host)),
            static blocked => blocked.Kind == BlockedKind.Reserved,
            secondPass: null);

    /// <summary>A summary: <c>1000 pages free, 512 of them in the longest run</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{FreePages} pages free, {LongestRun} of them in the longest run";

    /// <summary>The zones of a node in the order of search; none for a node without RAM.</summary>
    internal ReadOnlySpan<Zone> ZonesOf(int node) =>
        node >= 0 && node < _zonesByNode.Length ? _zonesByNode[node] : default;

    /// <summary>The pages of the second pass for a request, in which smaller hugetlb pages do not block; null where it
    /// would find nothing that the first pass did not.</summary>
    internal FreePageIndex? SecondPass(ulong pages) =>
        _secondPass is null ? null
        : pages > PageSize.Page1G.Bytes() / AddressRange.PageBytes ? _above1G ??= CreateAbove(PageSize.Page1G)
        : pages > PageSize.Page2M.Bytes() / AddressRange.PageBytes ? _above2M ??= CreateAbove(PageSize.Page2M)
        : null;

    private static bool HasHugePages(HostMemory host)
    {
        foreach (BlockedRange blocked in host.BlockedRanges)
        {
            if (blocked.HugePage is not null)
                return true;
        }

        return false;
    }

    private FreePageIndex CreateAbove(PageSize size) =>
        Create(_secondPass!, blocked => blocked.HugePage is not { } page || page > size, secondPass: null);

    private static FreePageIndex Create(HostMemory host, Predicate<BlockedRange>? isBlocked, HostMemory? secondPass)
    {
        ReadOnlySpan<BlockedRange> blocked = Ascending(host.BlockedRanges.Span, isBlocked);
        ReadOnlySpan<MemoryRegion> blocks = NotMovable(host);
        PageRun[] spans = NodeSpans(host);
        PageRun[][] runs = new PageRun[spans.Length * ZoneLimits.Count][];
        int[] counts = new int[runs.Length];
        FreeRunSweep counting = new(blocks, blocked);
        while (counting.MoveNext())
            counts[(counting.Node * ZoneLimits.Count) + (int)counting.Zone]++;
        for (int i = 0; i < runs.Length; i++)
            runs[i] = counts[i] == 0 ? [] : new PageRun[counts[i]];
        FreeRunSweep filling = new(blocks, blocked);
        while (filling.MoveNext())
        {
            int zone = (filling.Node * ZoneLimits.Count) + (int)filling.Zone;
            runs[zone][^counts[zone]--] = filling.Current;
        }

        Zone[]?[] zones = new Zone[]?[spans.Length];
        foreach (int node in host.Nodes)
        {
            PageRun span = new(spans[node].Start, Math.Min(spans[node].End, host.FirstMovablePage(node)));
            zones[node] = CutIntoZones(node, span, runs.AsSpan(node * ZoneLimits.Count, ZoneLimits.Count));
        }

        return new FreePageIndex(zones, secondPass);
    }

    private static Zone[] CutIntoZones(int node, PageRun span, ReadOnlySpan<PageRun[]> runs)
    {
        List<Zone> zones = new(ZoneLimits.Count);
        for (MemoryZone zone = MemoryZone.Normal; zone >= MemoryZone.Dma; zone--)
        {
            PageRun limit = ZoneLimits.PagesOf(zone);
            PageRun part = new(Math.Max(span.Start, limit.Start), Math.Min(span.End, limit.End));
            if (part.Start < part.End)
                zones.Add(new Zone(node, part, runs[(int)zone]));
        }

        return [.. zones];
    }

    /// <summary>The memory blocks without what lies in ZONE_MOVABLE.</summary>
    private static ReadOnlySpan<MemoryRegion> NotMovable(HostMemory host)
    {
        if (host.MovableZones.Count == 0)
            return host.TdxMemoryBlocks.Span;
        List<MemoryRegion> blocks = [];
        foreach (MemoryRegion block in host.TdxMemoryBlocks)
        {
            ulong end = Math.Min(block.Range.End / AddressRange.PageBytes, host.FirstMovablePage(block.Node));
            if (end * AddressRange.PageBytes > block.Range.Start)
                blocks.Add(new(AddressRange.Create(block.Range.Start, end * AddressRange.PageBytes), block.Node));
        }

        return blocks.ToArray();
    }

    /// <summary>Each node's span, from its lowest to its highest RAM page; page 0 is never RAM.</summary>
    private static PageRun[] NodeSpans(HostMemory host)
    {
        PageRun[] spans = new PageRun[host.Nodes.Count == 0 ? 0 : host.Nodes[^1] + 1];
        foreach (MemoryRegion region in host.Regions)
        {
            PageRun pages = PageRun.FromRange(region.Range);
            if (pages.End == 1)
                continue;
            PageRun span = spans[region.Node];
            spans[region.Node] = new(span.End == 0 ? Math.Max(pages.Start, 1) : span.Start, pages.End);
        }

        return spans;
    }

    private static ReadOnlySpan<BlockedRange> Ascending(
        ReadOnlySpan<BlockedRange> all, Predicate<BlockedRange>? isBlocked)
    {
        ReadOnlySpan<BlockedRange> blocked = isBlocked is null ? all : Array.FindAll(all.ToArray(), isBlocked);
        for (int i = 1; i < blocked.Length; i++)
        {
            if (blocked[i].Range.Start >= blocked[i - 1].Range.Start)
                continue;
            BlockedRange[] sorted = blocked.ToArray();
            Array.Sort(sorted, static (left, right) => left.Range.Start.CompareTo(right.Range.Start));
            return sorted;
        }

        return blocked;
    }
}
