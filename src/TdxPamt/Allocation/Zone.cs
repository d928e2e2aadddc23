using System.Runtime.CompilerServices;
using TdxPamt.Memory;

namespace TdxPamt.Allocation;

/// <summary>One zone of one node: where it starts and ends, and which of its pages can be handed out at all.</summary>
internal sealed class Zone
{
    /// <summary>DMA ends at 16 MiB, DMA32 at 4 GiB, Normal never; in the order of search.</summary>
    private static readonly PageRun[] Limits =
    [
        new((4UL << 30) / AddressRange.PageBytes, AddressRange.Limit / AddressRange.PageBytes),
        new((16UL << 20) / AddressRange.PageBytes, (4UL << 30) / AddressRange.PageBytes),
        new(0, (16UL << 20) / AddressRange.PageBytes),
    ];

    private readonly ulong _start;
    private readonly PageRun[] _usable;

    private Zone(ulong start, PageRun[] usable)
    {
        _start = start;
        _usable = usable;
    }

    /// <summary>The zones of a node, in the order of search; zones that its span does not reach are left out.</summary>
    /// <param name="span">The node's span, from its lowest to its highest RAM page.</param>
    /// <param name="usable">The node's pages that can be handed out, in ascending order.</param>
    internal static Zone[] Cut(PageRun span, ReadOnlySpan<PageRun> usable)
    {
        List<Zone> zones = new(Limits.Length);
        foreach (PageRun limit in Limits)
        {
            ulong start = Math.Max(span.Start, limit.Start);
            ulong end = Math.Min(span.End, limit.End);
            if (start < end)
                zones.Add(new Zone(start, Clip(usable, start, end)));
        }

        return [.. zones];
    }

    /// <summary>The first good candidate for a number of pages: the zone's start aligned with the kernel's mask, then
    /// every so many pages.</summary>
    /// <param name="pages">The number of pages.</param>
    /// <param name="taken">The runs that are handed out, in ascending order.</param>
    /// <param name="first">The candidate's first page.</param>
    internal bool TryFind(ulong pages, List<PageRun> taken, out ulong first)
    {
        ulong origin = (_start + pages - 1) & ~(pages - 1);
        int t = -1;
        foreach (PageRun run in _usable)
        {
            first = NextCandidate(origin, run.Start, pages);
            if (first + pages > run.End)
                continue;
            if (t < 0)
                t = FirstEndingAbove(taken, first);
            while (true)
            {
                while (t < taken.Count && taken[t].End <= first)
                    t++;
                if (t == taken.Count || taken[t].Start >= first + pages)
                    return true;
                first = NextCandidate(origin, taken[t].End, pages);
                if (first + pages > run.End)
                    break;
            }
        }

        first = 0;
        return false;
    }

    /// <summary>The position of the first run that ends above a page, or the number of runs.</summary>
    internal static int FirstEndingAbove(List<PageRun> runs, ulong page)
    {
        int low = 0;
        int high = runs.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (runs[middle].End > page)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NextCandidate(ulong origin, ulong page, ulong pages) =>
        page <= origin ? origin : origin + (((page - origin + pages - 1) / pages) * pages);

    private static PageRun[] Clip(ReadOnlySpan<PageRun> runs, ulong start, ulong end)
    {
        List<PageRun> clipped = [];
        foreach (PageRun run in runs)
        {
            if (run.Start < end && run.End > start)
                clipped.Add(new(Math.Max(run.Start, start), Math.Min(run.End, end)));
        }

        return [.. clipped];
    }
}
