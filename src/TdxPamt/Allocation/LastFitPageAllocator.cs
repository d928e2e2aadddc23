namespace TdxPamt;

/// <summary>Takes the highest pages of a zone that fit, at any page.</summary>
/// <remarks>It searches nodes and zones as <see cref="PageAllocator"/> says. Not safe for many threads.</remarks>
public sealed class LastFitPageAllocator : PageAllocator
{
    /// <summary>Makes an allocator with every page of an index free.</summary>
    /// <param name="index">The pages to hand out.</param>
    /// <exception cref="ArgumentNullException"><paramref name="index"/> is null.</exception>
    public LastFitPageAllocator(FreePageIndex index)
        : base(index)
    {
    }

    private protected override bool TryFind(in Zone zone, ulong pages, out ulong first)
    {
        ReadOnlySpan<PageRun> runs = zone.Runs;
        ReadOnlySpan<PageRun> busy = Busy.Runs;
        int b = Busy.FirstStartingFrom(zone.Span.End) - 1;
        ulong end = zone.Span.End;
        for (int r = zone.PreviousLongEnough(runs.Length - 1, pages); r >= 0; r = zone.PreviousLongEnough(r - 1, pages))
        {
            for (end = Math.Min(end, runs[r].End); b >= 0 && busy[b].End + pages > end; b--)
                end = Math.Min(end, busy[b].Start);
            if (runs[r].Start + pages > end)
                continue;
            first = end - pages;
            return true;
        }

        first = 0;
        return false;
    }
}
