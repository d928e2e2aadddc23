namespace TdxPamt.Tests.Support;

/// <summary>The facts' page allocator, page by page: slow, for small machines.</summary>
internal sealed class FreePageIndexModel
{
    private static readonly (ulong Start, ulong End)[] Zones =
        [(1UL << 20, 1UL << 40), (1UL << 12, 1UL << 20), (0, 1UL << 12)];

    private readonly Dictionary<int, (ulong Start, ulong End)> _spans = [];
    private readonly Dictionary<ulong, int> _nodeOfFreePage = [];

    internal FreePageIndexModel(HostMemory host, bool atBoot = false)
    {
        foreach (MemoryRegion region in host.Regions)
        {
            // Page 0 is never RAM.
            (ulong first, ulong end) = (Math.Max(region.Range.Start / 4096, 1), region.Range.End / 4096);
            if (first == end)
                continue;
            _spans[region.Node] = _spans.TryGetValue(region.Node, out var span)
                ? (Math.Min(span.Start, first), Math.Max(span.End, end))
                : (first, end);
            for (ulong page = Math.Max(first, 256); page < end; page++)
                _nodeOfFreePage[page] = region.Node;
        }

        foreach (BlockedRange blocked in host.BlockedRanges)
        {
            for (ulong page = blocked.Range.Start; page < blocked.Range.End; page += 4096)
            {
                if (!atBoot || blocked.Kind == BlockedKind.Reserved)
                    _nodeOfFreePage.Remove(page / 4096);
            }
        }
    }

    internal int FreePages => _nodeOfFreePage.Count;

    /// <summary>The longest run of free pages of one zone.</summary>
    internal ulong LongestRun()
    {
        ulong longest = 0;
        ulong length = 0;
        ulong? previous = null;
        foreach ((ulong page, int node) in _nodeOfFreePage.OrderBy(static entry => entry.Key))
        {
            bool continues = page - 1 == previous && _nodeOfFreePage[page - 1] == node
                && !Zones.Any(zone => zone.Start == page);
            length = continues ? length + 1 : 1;
            longest = Math.Max(longest, length);
            previous = page;
        }

        return longest;
    }

    internal ulong? Allocate(AllocatorPolicy policy, ulong pages, ReadOnlySpan<int> order)
    {
        foreach (int node in order)
        {
            foreach ((ulong lowest, ulong limit) in Zones)
            {
                if (!_spans.TryGetValue(node, out var span))
                    continue;
                ulong start = Math.Max(span.Start, lowest);
                ulong end = Math.Min(span.End, limit);
                if (start >= end || Choose(policy, node, start, end, pages) is not { } first)
                    continue;
                for (ulong page = first; page < first + pages; page++)
                    _nodeOfFreePage.Remove(page);
                return first * 4096;
            }
        }

        return null;
    }

    internal void Free(HostMemory host, ulong address, ulong pages)
    {
        for (ulong page = address / 4096; page < (address / 4096) + pages; page++)
            _nodeOfFreePage.Add(page, host.Regions.Single(region => region.Range.Contains(page * 4096)).Node);
    }

    private ulong? Choose(AllocatorPolicy policy, int node, ulong start, ulong end, ulong pages)
    {
        bool linux = policy == AllocatorPolicy.Linux || policy == AllocatorPolicy.BootReservation;
        ulong? best = null;
        ulong shortest = ulong.MaxValue;
        ulong first = linux ? (start + pages - 1) & ~(pages - 1) : start;
        for (; first + pages <= end; first += linux ? pages : 1)
        {
            if (!IsFree(node, first, pages))
                continue;
            if (linux || policy == AllocatorPolicy.FirstFit)
                return first;
            if (policy == AllocatorPolicy.LastFit)
            {
                best = first;
                continue;
            }

            ulong runEnd = first;
            while (runEnd < end && IsFree(node, runEnd, 1))
                runEnd++;
            if (runEnd - first < shortest)
                (best, shortest) = (first, runEnd - first);
            first = runEnd;
        }

        return best;
    }

    private bool IsFree(int node, ulong first, ulong pages)
    {
        for (ulong page = first; page < first + pages; page++)
        {
            if (!_nodeOfFreePage.TryGetValue(page, out int owner) || owner != node)
                return false;
        }

        return true;
    }
}
