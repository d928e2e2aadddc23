namespace TdxPamt;

/// <summary>One zone of one node, and the runs of its pages that can be handed out.</summary>
/// <remarks>A tree of maxima over the runs, the longest of each 32, then the longest of each 32 of those, and so on,
/// lets a search skip runs that are too short without a look at each. Immutable and safe for many threads.</remarks>
internal sealed class Zone
{
    private const int FanOutBits = 5;
    private const int FanOut = 1 << FanOutBits;

    private readonly PageRun[] _runs;
    private readonly ulong[][] _longest;
    private int[]? _byLength;

    internal Zone(int node, PageRun span, PageRun[] runs)
    {
        Node = node;
        Span = span;
        _runs = runs;
        _longest = Maxima(runs);
        LongestRun = Longest(runs);
    }

    /// <summary>The node it belongs to.</summary>
    internal int Node { get; }

    /// <summary>The zone's first page and the one after its last, holes and other nodes' pages included.</summary>
    internal PageRun Span { get; }

    /// <summary>The runs that can be handed out, in ascending order; no two are adjacent.</summary>
    internal ReadOnlySpan<PageRun> Runs => _runs;

    /// <summary>The length of the longest run, in pages.</summary>
    internal ulong LongestRun { get; }

    /// <summary>The positions of the runs in ascending order of their lengths, then of their addresses.</summary>
    internal ReadOnlySpan<int> ByLength => _byLength ??= SortByLength(_runs);

    /// <summary>The length of the longest run that is left between pages in use.</summary>
    internal ulong LongestFree(BusyPages busy)
    {
        ulong longest = 0;
        CutRuns pieces = new(this, busy);
        while (pieces.MoveNext())
            longest = Math.Max(longest, pieces.Current.Length);
        ReadOnlySpan<int> byLength = ByLength;
        for (int i = byLength.Length - 1; i >= 0 && _runs[byLength[i]].Length > longest; i--)
        {
            if (!busy.Overlaps(_runs[byLength[i]]))
                return _runs[byLength[i]].Length;
        }

        return longest;
    }

    /// <summary>The first run at or after a position that has that many pages, or the number of runs.</summary>
    internal int NextLongEnough(int from, ulong pages)
    {
        int level = 0;
        int position = from;
        while (true)
        {
            int count = CountAt(level);
            int end = Math.Min((position | (FanOut - 1)) + 1, count);
            while (position < end && LengthAt(level, position) < pages)
                position++;
            if (position < end)
            {
                if (level == 0)
                    return position;
                level--;
                position <<= FanOutBits;
            }
            else if (end == count)
            {
                return _runs.Length;
            }
            else
            {
                level++;
                position = end >> FanOutBits;
            }
        }
    }

    /// <summary>The last run at or before a position that has that many pages, or -1.</summary>
    internal int PreviousLongEnough(int from, ulong pages)
    {
        int level = 0;
        int position = from;
        while (position >= 0)
        {
            int start = position & ~(FanOut - 1);
            while (position >= start && LengthAt(level, position) < pages)
                position--;
            if (position < start)
            {
                level++;
                position = (start >> FanOutBits) - 1;
            }
            else if (level == 0)
            {
                return position;
            }
            else
            {
                level--;
                position = Math.Min((position << FanOutBits) | (FanOut - 1), CountAt(level) - 1);
            }
        }

        return -1;
    }

    /// <summary>The position in <see cref="ByLength"/> of the first run that has that many pages, or the
    /// number of runs.</summary>
    internal int FirstByLength(ulong pages) => BinarySearch.First(ByLength, new IsLongEnough(_runs, pages));

    private int CountAt(int level) => level == 0 ? _runs.Length : _longest[level - 1].Length;

    private ulong LengthAt(int level, int position) =>
        level == 0 ? _runs[position].Length : _longest[level - 1][position];

    private static ulong[][] Maxima(PageRun[] runs)
    {
        if (runs.Length <= FanOut)
            return [];
        List<ulong[]> levels = [Maxima(Array.ConvertAll(runs, static run => run.Length))];
        while (levels[^1].Length > FanOut)
            levels.Add(Maxima(levels[^1]));
        return [.. levels];
    }

    private static ulong[] Maxima(ReadOnlySpan<ulong> lengths)
    {
        ulong[] longest = new ulong[(lengths.Length + FanOut - 1) >> FanOutBits];
        for (int i = 0; i < lengths.Length; i++)
            longest[i >> FanOutBits] = Math.Max(longest[i >> FanOutBits], lengths[i]);
        return longest;
    }

    private static ulong Longest(PageRun[] runs)
    {
        ulong longest = 0;
        foreach (PageRun run in runs)
            longest = Math.Max(longest, run.Length);
        return longest;
    }

    private static int[] SortByLength(PageRun[] runs)
    {
        ulong[] lengths = Array.ConvertAll(runs, static run => run.Length);
        int[] positions = [.. Enumerable.Range(0, runs.Length)];
        Array.Sort(positions, (left, right) =>
            lengths[left] != lengths[right] ? lengths[left].CompareTo(lengths[right]) : left.CompareTo(right));
        return positions;
    }

    private readonly struct IsLongEnough(PageRun[] runs, ulong pages) : ICondition<int>
    {
        public bool Holds(int item) => runs[item].Length >= pages;
    }
}
