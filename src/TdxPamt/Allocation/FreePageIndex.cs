namespace TdxPamt;

/// <summary>The pages of a machine that can be handed out, by node and zone: built once, then shared
/// by allocators.</summary>
/// <remarks>
/// <para>It holds the runs of RAM at or above 1 MiB that nothing blocks. Time and memory grow with the number of
/// regions and blocked ranges, not with the machine's size.</para>
/// <para>Immutable and safe for many threads.</para>
/// </remarks>
public sealed class FreePageIndex
{
    /// <summary>For how many nodes or zones there is room on the stack.</summary>
    private const int MaxOnStack = 64;

    private readonly Zone[] _zones;
    private readonly short[] _firstZones;
    private readonly bool _hasSecondPass;
    private FreePageIndex? _above2M;
    private FreePageIndex? _above1G;

    /// <summary>Takes the zones.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="zones">All zones.</param>
    /// <param name="firstZones">At position n the position of node n's first zone; at the end, how many
    /// zones there are.</param>
    /// <param name="hasSecondPass">Whether some of its hugetlb pages may be moved.</param>
    private FreePageIndex(HostMemory host, Zone[] zones, short[] firstZones, bool hasSecondPass)
    {
        Host = host;
        _zones = zones;
        _firstZones = firstZones;
        _hasSecondPass = hasSecondPass;
    }

    /// <summary>How many 4 KiB pages can be handed out.</summary>
    public ulong FreePages
    {
        get
        {
            ulong pages = 0;
            foreach (ref readonly Zone zone in _zones.AsSpan())
            {
                foreach (PageRun run in zone.Runs)
                    pages += run.Length;
            }

            return pages;
        }
    }

    /// <summary>How many 4 KiB pages the longest run in one zone has.</summary>
    public ulong LongestRun
    {
        get
        {
            ulong longest = 0;
            foreach (ref readonly Zone zone in _zones.AsSpan())
                longest = Math.Max(longest, zone.LongestRun);
            return longest;
        }
    }

    /// <summary>The machine whose pages these are.</summary>
    internal HostMemory Host { get; }

    /// <summary>All zones by node, each node's in the order of search: Normal, DMA32, DMA.</summary>
    internal ReadOnlySpan<Zone> Zones => _zones;

    /// <summary>Indexes a running machine: all <see cref="HostMemory.BlockedRanges"/> are blocked.</summary>
    /// <param name="host">The machine.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public static FreePageIndex Create(HostMemory host)
    {
        Preconditions.NotNull(host, nameof(host));
        return Create(host, isBlocked: null, HasHugePages(host));
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
            hasSecondPass: false);

    /// <summary>A summary: <c>1000 pages free, 512 of them in the longest run</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{FreePages} pages free, {LongestRun} of them in the longest run";

    /// <summary>The zones of a node in the order of search; none for a node without RAM.</summary>
    internal ReadOnlySpan<Zone> ZonesOf(int node) => node >= 0 && node < _firstZones.Length - 1
        ? _zones.AsSpan(_firstZones[node], _firstZones[node + 1] - _firstZones[node])
        : default;

    /// <summary>The pages of the second pass for a request, in which hugetlb pages smaller than the request do not
    /// block; null where there can be none.</summary>
    internal FreePageIndex? SecondPass(ulong pages) =>
        !_hasSecondPass ? null
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
        Create(Host, blocked => blocked.HugePage is not { } page || page > size, hasSecondPass: false);

    private static FreePageIndex Create(HostMemory host, Predicate<BlockedRange>? isBlocked, bool hasSecondPass)
    {
        ReadOnlySpan<BlockedRange> blocked = Ascending(host.BlockedRanges.Span, isBlocked);
        ReadOnlySpan<MemoryRegion> blocks = NotMovable(host);
        int max = FreeRunSweep.MaxRuns(blocks.Length, blocked.Length);
        bool fits = max <= MaxOnStack;
        FreeRunSweep sweep = new(
            fits ? stackalloc PageRun[max] : new PageRun[max], fits ? stackalloc short[max] : new short[max]);
        sweep.Run(blocks, blocked);

        int nodes = 0;
        foreach (ref readonly MemoryRegion region in host.Regions.Span)
            nodes = Math.Max(nodes, region.Node + 1);
        Span<PageRun> spans = nodes <= MaxOnStack ? stackalloc PageRun[nodes] : new PageRun[nodes];
        FindNodeSpans(host, spans);
        int slots = FreeRunSweep.SlotOf(nodes, default);
        Span<int> ends = slots <= MaxOnStack ? stackalloc int[slots + 1] : new int[slots + 1];
        PageRun[] runs = sweep.SortBySlot(ends);
        short[] firstZones = CountZones(spans);
        return new(host, CutIntoZones(runs, ends, spans, firstZones), firstZones, hasSecondPass);
    }

    /// <summary>At position n, how many zones the nodes before n have, and at the end those of all nodes. A node has
    /// the zones of its first and its last page, and those in between.</summary>
    private static short[] CountZones(ReadOnlySpan<PageRun> spans)
    {
        short[] firstZones = new short[spans.Length + 1];
        for (int node = 0; node < spans.Length; node++)
        {
            PageRun span = spans[node];
            int zones = span.Start < span.End
                ? ZoneLimits.ZoneOf(span.End - 1) - ZoneLimits.ZoneOf(span.Start) + 1
                : 0;
            firstZones[node + 1] = (short)(firstZones[node] + zones);
        }

        return firstZones;
    }

    /// <summary>Makes the zones of all nodes.</summary>
    /// <param name="runs">The runs, slot by slot.</param>
    /// <param name="ends">The position after the last run of each slot.</param>
    /// <param name="spans">The span of each node.</param>
    /// <param name="firstZones">The first zone of each node.</param>
    private static Zone[] CutIntoZones(
        PageRun[] runs, ReadOnlySpan<int> ends, ReadOnlySpan<PageRun> spans, short[] firstZones)
    {
        Zone[] zones = new Zone[firstZones[^1]];
        FreeRuns table = new(runs, zones);
        for (int node = 0; node < spans.Length; node++)
        {
            if (firstZones[node] == firstZones[node + 1])
                continue;
            MemoryZone kind = ZoneLimits.ZoneOf(spans[node].End - 1);
            for (int zone = firstZones[node]; zone < firstZones[node + 1]; zone++, kind--)
            {
                PageRun limit = ZoneLimits.PagesOf(kind);
                PageRun span = new(Math.Max(spans[node].Start, limit.Start), Math.Min(spans[node].End, limit.End));
                int slot = FreeRunSweep.SlotOf(node, kind);
                int first = slot == 0 ? 0 : ends[slot - 1];
                zones[zone] = new(table, first, ends[slot] - first, span);
            }
        }

        return zones;
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

    /// <summary>Each node's span: from its lowest page of RAM, page 0 excluded, to its highest, or to where
    /// ZONE_MOVABLE starts.</summary>
    private static void FindNodeSpans(HostMemory host, Span<PageRun> spans)
    {
        foreach (MemoryRegion region in host.Regions)
        {
            PageRun pages = PageRun.FromRange(region.Range);
            if (pages.End == 1)
                continue;
            PageRun span = spans[region.Node];
            spans[region.Node] = new(span.End == 0 ? Math.Max(pages.Start, 1) : span.Start, pages.End);
        }

        foreach (MovableZone movable in host.MovableZones)
        {
            if (movable.Node < spans.Length)
            {
                PageRun span = spans[movable.Node];
                spans[movable.Node] = new(span.Start, Math.Min(span.End, movable.Start / AddressRange.PageBytes));
            }
        }
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
