using System.Runtime.CompilerServices;

namespace TdxPamt;

/// <summary>Finds contiguous pages as Linux does, if all movable pages can be moved
/// away; docs/model.md#alloc_contig_pages.</summary>
/// <remarks>
/// <para>It looks through the nodes in the order asked for, and inside a node through the zones Normal, DMA32, DMA.
/// Inside a zone a request for n pages has a candidate every n pages, from the zone's start aligned with the kernel's
/// mask, which is a true round-up only for powers of two. The first candidate wins whose pages are all RAM of the node
/// and neither handed out, nor blocked, nor in the first 1 MiB. If there is none at all, it looks again at candidates
/// that only smaller hugetlb pages block, unless the kernel is one from before 7.2; docs/model.md#hugetlb-pass.</para>
/// <para>A search looks at the runs that are long enough and at what is handed out, never at single pages. After many
/// searches, one for the same number of pages as before begins where the last such search ended. The same requests
/// get the same answers. Not safe for many threads; many allocators may share an index.</para>
/// </remarks>
public sealed class LinuxPageAllocator : PageAllocator
{
    /// <summary>How many searches are made before it is remembered where they end.</summary>
    private const int MinSearches = 32;

    private readonly bool _movesHugetlb;
    private Dictionary<(FreeRuns Table, int Zone, ulong Pages), ulong>? _reached;
    private int _removals;
    private int _searches;

    /// <summary>Makes an allocator with every page of a machine free that is not blocked,
    /// as from Linux 7.2 on.</summary>
    /// <param name="host">The machine.</param>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public LinuxPageAllocator(HostMemory host)
        : this(host, movesHugetlb: true)
    {
    }

    /// <summary>Makes an allocator with every page of a machine free that is not blocked.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="movesHugetlb">Whether a request that finds no room may take hugetlb pages that are smaller than
    /// itself, as from Linux 7.2 on; <see cref="BlockedRange.HugePage"/> says which are.</param>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public LinuxPageAllocator(HostMemory host, bool movesHugetlb)
        : this(FreePageIndex.Create(host), movesHugetlb)
    {
    }

    /// <summary>Makes an allocator with every page of an index free, as from Linux 7.2 on.</summary>
    /// <param name="index">The pages to hand out.</param>
    /// <exception cref="ArgumentNullException"><paramref name="index"/> is null.</exception>
    public LinuxPageAllocator(FreePageIndex index)
        : this(index, movesHugetlb: true)
    {
    }

    /// <summary>Makes an allocator with every page of an index free.</summary>
    /// <param name="index">The pages to hand out.</param>
    /// <param name="movesHugetlb">Whether a request that finds no room may take smaller hugetlb pages.</param>
    /// <exception cref="ArgumentNullException"><paramref name="index"/> is null.</exception>
    public LinuxPageAllocator(FreePageIndex index, bool movesHugetlb)
        : base(index)
    {
        _movesHugetlb = movesHugetlb;
    }

    private protected override FreePageIndex? SecondPass(ulong pages) =>
        _movesHugetlb ? Index.SecondPass(pages) : null;

    /// <summary>As long as nothing is freed, bad candidates stay bad: later searches can pass them over.</summary>
    private protected override bool TryFind(in Zone zone, ulong pages, out ulong first)
    {
        if (_removals != Busy.Removals)
        {
            _removals = Busy.Removals;
            _searches = 0;
            _reached?.Clear();
        }

        if (++_searches <= MinSearches)
            return TryFind(zone, pages, from: 0, out first);
        _reached ??= [];
        (FreeRuns, int, ulong) key = (zone.Table, zone.First, pages);
        _reached.TryGetValue(key, out ulong from);
        bool found = TryFind(zone, pages, from, out first);
        _reached[key] = found ? first : zone.Span.End;
        return found;
    }

    /// <summary>From a bad candidate it goes to the first one after the pages that make it bad.</summary>
    private bool TryFind(in Zone zone, ulong pages, ulong from, out ulong first)
    {
        ReadOnlySpan<PageRun> runs = zone.Runs;
        ReadOnlySpan<PageRun> busy = Busy.Runs;
        ulong origin = (zone.Span.Start + pages - 1) & ~(pages - 1);
        ulong clear = from;
        int b = -1;
        int r = from == 0 ? 0 : PageRun.FirstEndingAbove(runs, from);
        for (r = zone.NextLongEnough(r, pages); r < runs.Length; r = zone.NextLongEnough(r + 1, pages))
        {
            first = NextCandidate(origin, Math.Max(runs[r].Start, clear), pages);
            while (first + pages <= runs[r].End)
            {
                if (b < 0)
                    b = Busy.FirstEndingAbove(first);
                clear = first;
                // A gap that is too short for the request is skipped with the run after it.
                for (; b < busy.Length && busy[b].Start < clear + pages; b++)
                    clear = Math.Max(clear, busy[b].End);
                if (clear == first)
                    return true;
                first = NextCandidate(origin, clear, pages);
            }
        }

        first = 0;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong NextCandidate(ulong origin, ulong page, ulong pages) =>
        page <= origin ? origin : origin + (((page - origin + pages - 1) / pages) * pages);
}
