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

    private FreePageIndex(Zone[]?[] zonesByNode)
    {
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
    public static FreePageIndex Create(HostMemory host) =>
        Create(Preconditions.NotNull(host, nameof(host)), reservedOnly: false);

    /// <summary>Indexes a machine early at boot: only <see cref="BlockedKind.Reserved"/> pages are blocked, because
    /// nothing unmovable is in use yet and the pool of huge pages is empty.</summary>
    /// <param name="host">The machine.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public static FreePageIndex CreateAtBoot(HostMemory host) =>
        Create(Preconditions.NotNull(host, nameof(host)), reservedOnly: true);

    /// <summary>A summary: <c>1000 pages free, 512 of them in the longest run</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{FreePages} pages free, {LongestRun} of them in the longest run";

    /// <summary>The zones of a node in the order of search; none for a node without RAM.</summary>
    internal ReadOnlySpan<Zone> ZonesOf(int node) =>
        node >= 0 && node < _zonesByNode.Length ? _zonesByNode[node] : default;

    private static FreePageIndex Create(HostMemory host, bool reservedOnly)
    {
        ReadOnlySpan<BlockedRange> blocked = Ascending(host.BlockedRanges.Span);
        PageRun[] spans = NodeSpans(host);
        PageRun[][] runs = new PageRun[spans.Length * ZoneLimits.Count][];
        int[] counts = new int[runs.Length];
        FreeRunSweep counting = new(host.TdxMemoryBlocks.Span, blocked, reservedOnly);
        while (counting.MoveNext())
            counts[(counting.Node * ZoneLimits.Count) + (int)counting.Zone]++;
        for (int i = 0; i < runs.Length; i++)
            runs[i] = counts[i] == 0 ? [] : new PageRun[counts[i]];
        FreeRunSweep filling = new(host.TdxMemoryBlocks.Span, blocked, reservedOnly);
        while (filling.MoveNext())
        {
            int zone = (filling.Node * ZoneLimits.Count) + (int)filling.Zone;
            runs[zone][^counts[zone]--] = filling.Current;
        }

        Zone[]?[] zones = new Zone[]?[spans.Length];
        foreach (int node in host.Nodes)
            zones[node] = CutIntoZones(node, spans[node], runs.AsSpan(node * ZoneLimits.Count, ZoneLimits.Count));
        return new FreePageIndex(zones);
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

    private static ReadOnlySpan<BlockedRange> Ascending(ReadOnlySpan<BlockedRange> blocked)
    {
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
