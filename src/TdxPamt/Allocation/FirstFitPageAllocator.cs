namespace TdxPamt;

/// <summary>Takes the lowest pages of a zone that fit, at any page.</summary>
/// <remarks>It searches nodes and zones as <see cref="PageAllocator"/> says. Not safe for many threads.</remarks>
public sealed class FirstFitPageAllocator : PageAllocator
{
    /// <summary>Makes an allocator with every page of an index free.</summary>
    /// <param name="index">The pages to hand out.</param>
    /// <exception cref="ArgumentNullException"><paramref name="index"/> is null.</exception>
    public FirstFitPageAllocator(FreePageIndex index)
        : base(index)
    {
    }

    private protected override bool TryFind(in Zone zone, ulong pages, out ulong first)
    {
        ReadOnlySpan<PageRun> runs = zone.Runs;
        ReadOnlySpan<PageRun> busy = Busy.Runs;
        int b = PageRun.FirstEndingAbove(busy, zone.Span.Start);
        first = 0;
        for (int r = zone.NextLongEnough(0, pages); r < runs.Length; r = zone.NextLongEnough(r + 1, pages))
        {
            for (first = Math.Max(first, runs[r].Start); b < busy.Length && busy[b].Start < first + pages; b++)
                first = Math.Max(first, busy[b].End);
            if (first + pages <= runs[r].End)
                return true;
        }

        return false;
    }
}
