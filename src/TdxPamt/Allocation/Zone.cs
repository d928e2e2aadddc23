namespace TdxPamt;

/// <summary>One zone of one node, and the runs of its pages that can be handed out.</summary>
/// <param name="table">The runs of all zones.</param>
/// <param name="first">The position of the zone's first run there.</param>
/// <param name="count">How many runs it has.</param>
/// <param name="span">The zone's first page and the one after its last, holes and other nodes' pages included.</param>
/// <remarks>Immutable and safe for many threads.</remarks>
internal readonly struct Zone(FreeRuns table, int first, int count, PageRun span)
{
    /// <summary>The zone's first page and the one after its last, holes and other nodes' pages included.</summary>
    internal PageRun Span { get; } = span;

    /// <summary>The runs of all zones.</summary>
    internal FreeRuns Table => table;

    /// <summary>The position of its first run among those of all zones.</summary>
    internal int First => first;

    /// <summary>How many runs it has.</summary>
    internal int Count => count;

    /// <summary>The length of the longest run, in pages.</summary>
    internal ulong LongestRun { get; } = table.Longest(first, count);

    /// <summary>The runs that can be handed out, in ascending order; no two are adjacent.</summary>
    internal ReadOnlySpan<PageRun> Runs => table.Runs.Slice(first, count);

    /// <summary>The positions of the runs in ascending order of their lengths, then of their addresses.</summary>
    internal ReadOnlySpan<int> ByLength => table.ByLength.Slice(first, count);

    /// <summary>The length of the longest free run that pages in use leave, in pages.</summary>
    internal ulong LongestFree(BusyPages busy)
    {
        ulong longest = 0;
        CutRuns pieces = new(this, busy);
        while (pieces.MoveNext())
            longest = Math.Max(longest, pieces.Current.Length);
        ReadOnlySpan<PageRun> runs = Runs;
        ReadOnlySpan<int> byLength = ByLength;
        for (int i = byLength.Length - 1; i >= 0 && runs[byLength[i]].Length > longest; i--)
        {
            if (!busy.Overlaps(runs[byLength[i]]))
                return runs[byLength[i]].Length;
        }

        return longest;
    }

    /// <summary>The first run at or after a position that has that many pages, or the number of runs.</summary>
    internal int NextLongEnough(int from, ulong pages) =>
        from < count && Runs[from].Length >= pages
            ? from
            : Math.Min(table.NextLongEnough(first + from, pages) - first, count);

    /// <summary>The last run at or before a position that has that many pages, or -1.</summary>
    internal int PreviousLongEnough(int from, ulong pages) =>
        Math.Max(table.PreviousLongEnough(first + from, pages) - first, -1);

    /// <summary>The position in <see cref="ByLength"/> of the first run that has that many pages, or the
    /// number of runs.</summary>
    internal int FirstByLength(ulong pages) => BinarySearch.First(ByLength, new IsLongEnough(table, first, pages));

    private readonly struct IsLongEnough(FreeRuns table, int first, ulong pages) : ICondition<int>
    {
        public bool Holds(int item) => table.Runs[first + item].Length >= pages;
    }
}
