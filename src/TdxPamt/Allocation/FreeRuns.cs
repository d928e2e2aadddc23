namespace TdxPamt;

/// <summary>The runs of all zones of an index, each zone's in ascending order.</summary>
/// <remarks>Maxima over groups of runs, and over groups of groups, let a search skip runs that are too short without
/// a look at each. Safe for many threads.</remarks>
internal sealed class FreeRuns
{
    private const int FanOutBits = 5;
    private const int FanOut = 1 << FanOutBits;

    private readonly PageRun[] _runs;
    private readonly Zone[] _zones;
    private readonly ulong[][] _longest;
    private int[]? _byLength;

    /// <summary>Takes the runs.</summary>
    /// <param name="runs">The runs; those of one zone come one after the other.</param>
    /// <param name="zones">The zones, which the caller makes afterwards, with these runs.</param>
    internal FreeRuns(PageRun[] runs, Zone[] zones)
    {
        _runs = runs;
        _zones = zones;
        _longest = Maxima(runs);
    }

    /// <summary>The runs.</summary>
    internal ReadOnlySpan<PageRun> Runs => _runs;

    /// <summary>For each zone, at the positions of its runs: their positions in the zone in ascending order of their
    /// lengths, then of their addresses.</summary>
    internal ReadOnlySpan<int> ByLength => _byLength ??= SortByLength();

    /// <summary>The length of the longest of some runs, in pages.</summary>
    internal ulong Longest(int first, int count)
    {
        ulong longest = 0;
        for (int i = first; i < first + count; i++)
            longest = Math.Max(longest, _runs[i].Length);
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

    private int CountAt(int level) => level == 0 ? _runs.Length : _longest[level - 1].Length;

    private ulong LengthAt(int level, int position) =>
        level == 0 ? _runs[position].Length : _longest[level - 1][position];

    private int[] SortByLength()
    {
        int[] positions = new int[_runs.Length];
        foreach (Zone zone in _zones)
        {
            int first = zone.First;
            Span<int> ofZone = positions.AsSpan(first, zone.Count);
            for (int i = 0; i < ofZone.Length; i++)
                ofZone[i] = i;
            Array.Sort(positions, first, zone.Count, new ByLengthOf(_runs, first));
        }

        return positions;
    }

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

    private sealed class ByLengthOf(PageRun[] runs, int first) : IComparer<int>
    {
        public int Compare(int x, int y)
        {
            ulong left = runs[first + x].Length;
            ulong right = runs[first + y].Length;
            return left != right ? left.CompareTo(right) : x.CompareTo(y);
        }
    }
}
