namespace TdxPamt.Simulation;

/// <summary>Page blocks that are unusable with one probability: the Markov chain
/// of <see cref="Fragmentation"/>.</summary>
/// <remarks>It draws the lengths of runs and gaps, never single blocks. Immutable and safe for many threads.</remarks>
internal sealed class PageBlockChain
{
    internal const ulong PagesPerBlock = Fragmentation.PageBlockBytes / AddressRange.PageBytes;

    /// <summary>How many runs are drawn at a time at most.</summary>
    private const int MaxBatch = 256;

    private readonly PageRun[] _stretches;
    private readonly ulong[] _ends;
    private readonly double _unmovable;
    private readonly int _batch;
    private readonly double _runEnds;
    private readonly double _gapEnds;
    private readonly GeometricLength _run;
    private readonly GeometricLength _gap;

    /// <summary>Makes a chain.</summary>
    /// <param name="stretches">The blocks, as ranges of block numbers in ascending order.</param>
    /// <param name="unmovable">The fraction F, 0 to 1.</param>
    /// <param name="meanRunLength">The mean length L of a run, 1 or more.</param>
    internal PageBlockChain(PageRun[] stretches, double unmovable, double meanRunLength)
    {
        _stretches = stretches;
        _ends = new ulong[stretches.Length];
        for (int i = 0; i < stretches.Length; i++)
            _ends[i] = Count += stretches[i].Length;
        _unmovable = unmovable;
        _runEnds = Math.Min(1 / meanRunLength, 1 - unmovable);
        _gapEnds = unmovable == 1 ? 1 : _runEnds * (unmovable / (1 - unmovable));
        _batch = (int)Math.Max(1, Math.Min(MaxBatch, ExpectedRuns(1) / 4));
        _run = new(_runEnds);
        _gap = new(_gapEnds);
    }

    /// <summary>How many blocks there are.</summary>
    internal ulong Count { get; }

    /// <summary>How many runs of unusable blocks have a gap of <paramref name="minGap"/> pages or more before
    /// them, on average.</summary>
    internal double ExpectedRuns(ulong minGap) =>
        Count * _unmovable * _runEnds * Math.Pow(1 - _gapEnds, (minGap - 1) / PagesPerBlock);

    /// <summary>Adds the unusable blocks of the chain, unless it is cancelled on the way.</summary>
    /// <returns>Whether all were added.</returns>
    internal bool TrySample(
        ref RandomStream random, BusyPages unusable, ulong minGap, CancellationToken cancellationToken)
    {
        double count = Count;
        int stretch = 0;
        double position = random.NextUnit() > 1 - _unmovable ? 0 : _gap.Draw(ref random);

        // Lengths are drawn in batches, before it is known how many are needed: a loop that only draws keeps its state
        // in registers, and logarithms are worked out side by side. Where few runs are expected, batches are small.
        Span<double> runs = stackalloc double[MaxBatch];
        Span<double> gaps = stackalloc double[MaxBatch];
        runs = runs[.._batch];
        gaps = gaps[.._batch];
        while (position < count)
        {
            if (cancellationToken.IsCancellationRequested)
                return false;
            RandomStream before = random;
            random.NextUnits(runs, gaps);
            _run.ToLengths(runs);
            _gap.ToLengths(gaps);
            int used = AddRuns(runs, gaps, ref position, ref stretch, unusable, minGap);
            if (used == _batch)
                continue;
            // Draws that were not needed are taken back, so the size of batches has no effect on what is drawn next.
            random = before;
            random.NextUnits(runs[..used], gaps[..used]);
        }

        return true;
    }

    /// <summary>Adds runs, each with a gap after it, as long as they begin in the chain.</summary>
    /// <returns>How many runs were added.</returns>
    private int AddRuns(
        ReadOnlySpan<double> runs,
        ReadOnlySpan<double> gaps,
        ref double start,
        ref int stretch,
        BusyPages unusable,
        ulong minGap)
    {
        double count = Count;
        double position = start;
        ulong stretchEnd = _ends[stretch];
        ulong offset = unchecked(_stretches[stretch].End - stretchEnd);
        int used = 0;
        for (; used < runs.Length && position < count; used++)
        {
            // Signed numbers convert faster; positions are below 2^63.
            ulong first = unchecked((ulong)(long)position);
            position += runs[used];
            ulong end = position < count ? unchecked((ulong)(long)position) : Count;
            position += gaps[used];
            if (end <= stretchEnd)
            {
                unusable.Append(
                    unchecked(new((first + offset) * PagesPerBlock, (end + offset) * PagesPerBlock)), minGap);
                continue;
            }

            AddAcross(first, end, ref stretch, unusable, minGap);
            stretchEnd = _ends[stretch];
            offset = unchecked(_stretches[stretch].End - stretchEnd);
        }

        start = position;
        return used;
    }

    /// <summary>Adds a run, by positions in the chain, that ends after the current stretch.</summary>
    private void AddAcross(ulong first, ulong end, ref int stretch, BusyPages unusable, ulong minGap)
    {
        if (first >= _ends[stretch])
            stretch = StretchOf(first);
        while (true)
        {
            ulong offset = unchecked(_stretches[stretch].End - _ends[stretch]);
            ulong upTo = Math.Min(end, _ends[stretch]);
            unusable.Append(
                unchecked(new((first + offset) * PagesPerBlock, (upTo + offset) * PagesPerBlock)), minGap);
            if (upTo == end)
                return;
            first = upTo;
            stretch++;
        }
    }

    private int StretchOf(ulong position)
    {
        int found = Array.BinarySearch(_ends, position);
        return found >= 0 ? found + 1 : ~found;
    }
}
