namespace TdxPamt;

/// <summary>Takes the start of a zone's shortest free run that is long enough; the lowest of
/// equally short ones.</summary>
/// <remarks>It searches nodes and zones as <see cref="PageAllocator"/> says. Not safe for many threads.</remarks>
public sealed class BestFitPageAllocator : PageAllocator
{
    /// <summary>Makes an allocator with every page of an index free.</summary>
    /// <param name="index">The pages to hand out.</param>
    /// <exception cref="ArgumentNullException"><paramref name="index"/> is null.</exception>
    public BestFitPageAllocator(FreePageIndex index)
        : base(index)
    {
    }

    /// <summary>Whole runs are ordered by length once, for all searches; pieces of cut runs are few.</summary>
    private protected override bool TryFind(in Zone zone, ulong pages, out ulong first)
    {
        PageRun best = new(0, ulong.MaxValue);
        CutRuns pieces = new(zone, Busy);
        while (pieces.MoveNext())
        {
            if (pieces.Current.Length >= pages && pieces.Current.Length < best.Length)
                best = pieces.Current;
        }

        foreach (int position in zone.ByLength[zone.FirstByLength(pages)..])
        {
            PageRun run = zone.Runs[position];
            if (run.Length > best.Length)
                break;
            if (Busy.Overlaps(run))
                continue;
            if (run.Length < best.Length || run.Start < best.Start)
                best = run;
            break;
        }

        first = best.Start;
        return best.End != ulong.MaxValue;
    }
}
