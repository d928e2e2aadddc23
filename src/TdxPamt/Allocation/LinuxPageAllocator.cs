using TdxPamt.Memory;

namespace TdxPamt.Allocation;

/// <summary>How Linux finds contiguous pages (alloc_contig_pages), on a host whose movable pages all move away.</summary>
/// <remarks>
/// <para>Nodes in the order asked for; inside a node the zones Normal, DMA32, DMA; inside a zone one candidate every so
/// many pages as are wanted, from the zone's start aligned with the kernel's mask, which is a true round-up only for
/// powers of two. The first candidate wins whose pages all are the node's RAM and neither handed out, nor blocked, nor
/// in the first 1 MiB.</para>
/// <para>Same requests, same answers. Not safe for many threads.</para>
/// </remarks>
public sealed class LinuxPageAllocator : IContiguousPageAllocator
{
    private readonly Zone[]?[] _zones;
    private readonly List<PageRun> _taken = [];

    /// <summary>Takes a host with every page that is not blocked free.</summary>
    /// <param name="host">The machine.</param>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public LinuxPageAllocator(HostMemory host)
    {
        ReadOnlySpan<MemoryRegion> regions = Preconditions.NotNull(host, nameof(host)).Regions.Span;
        List<PageRun>?[] usable = UsableByNode(host);
        _zones = new Zone[]?[usable.Length];
        foreach (int node in host.Nodes)
        {
            ulong start = ulong.MaxValue;
            ulong end = 0;
            foreach (MemoryRegion region in regions)
            {
                if (region.Node != node)
                    continue;
                start = Math.Min(start, region.Range.Start / AddressRange.PageBytes);
                end = region.Range.End / AddressRange.PageBytes;
            }

            _zones[node] = Zone.Cut(new(start, end), usable[node] is { } runs ? [.. runs] : []);
        }
    }

    /// <summary>How many 4 KiB pages are handed out.</summary>
    public ulong PagesInUse { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pages"/> is 0.</exception>
    public bool TryAllocate(ulong pages, int node, ReadOnlySpan<int> fallbackOrder, out ulong address)
    {
        if (pages == 0)
            throw new ArgumentOutOfRangeException(nameof(pages), pages, "pages must be 1 or more");
        address = 0;
        if (pages > AddressRange.Limit / AddressRange.PageBytes)
            return false;
        foreach (int candidate in fallbackOrder)
        {
            if (candidate < 0 || candidate >= _zones.Length || _zones[candidate] is not { } zones)
                continue;
            foreach (Zone zone in zones)
            {
                if (!zone.TryFind(pages, _taken, out ulong first))
                    continue;
                _taken.Insert(Zone.FirstEndingAbove(_taken, first), new PageRun(first, first + pages));
                PagesInUse += pages;
                address = first * AddressRange.PageBytes;
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">That chunk is not handed out.</exception>
    public void Free(ulong address, ulong pages)
    {
        ulong first = address / AddressRange.PageBytes;
        int position = Zone.FirstEndingAbove(_taken, first);
        if (position == _taken.Count || address % AddressRange.PageBytes != 0
            || _taken[position].Start != first || _taken[position].End - first != pages)
        {
            throw new ArgumentException($"{pages} pages at 0x{address:x} are not handed out");
        }

        _taken.RemoveAt(position);
        PagesInUse -= pages;
    }

    /// <summary>The RAM of each node at or above 1 MiB that is not blocked.</summary>
    private static List<PageRun>?[] UsableByNode(HostMemory host)
    {
        BlockedRange[] blocked = [.. host.Blocked];
        Array.Sort(blocked, static (left, right) => AddressRange.Compare(left.Range, right.Range));
        List<PageRun>?[] usable = new List<PageRun>?[host.Nodes.Count == 0 ? 0 : host.Nodes[^1] + 1];
        int b = 0;
        ulong blockedUpTo = 0;
        foreach (MemoryRegion block in host.Blocks)
        {
            List<PageRun> runs = usable[block.Node] ??= [];
            ulong position = Math.Max(block.Range.Start, blockedUpTo);
            for (; b < blocked.Length && blocked[b].Range.Start < block.Range.End; b++)
            {
                AddRun(runs, position, blocked[b].Range.Start);
                blockedUpTo = Math.Max(blockedUpTo, blocked[b].Range.End);
                position = Math.Max(position, blockedUpTo);
            }

            AddRun(runs, position, block.Range.End);
        }

        return usable;
    }

    private static void AddRun(List<PageRun> runs, ulong start, ulong end)
    {
        if (start < end)
            runs.Add(new(start / AddressRange.PageBytes, end / AddressRange.PageBytes));
    }
}
