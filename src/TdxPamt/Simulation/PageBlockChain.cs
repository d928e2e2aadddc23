namespace TdxPamt.Simulation;

/// <summary>Page blocks that are unusable with one probability: the
/// Markov chain of <see cref="Fragmentation"/>.</summary>
/// <remarks>It draws the lengths of runs and gaps, never single blocks. Immutable and safe for many threads.</remarks>
internal sealed class PageBlockChain
{
    internal const ulong PagesPerBlock = Fragmentation.PageBlockBytes / AddressRange.PageBytes;

    private readonly PageRun[] _stretches;
    private readonly ulong[] _ends;
    private readonly double _unmovable;
    private readonly double _runEnds;
    private readonly double _gapEnds;
    private readonly GeometricLength _run;
    private readonly GeometricLength _gap;

    /// <summary>Makes a chain.</summary>
    /// <param name="stretches">The blocks by number, in ascending order.</param>
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
        _run = new(_runEnds);
        _gap = new(_gapEnds);
    }

    /// <summary>How many blocks there are.</summary>
    internal ulong Count { get; }

    /// <summary>How many runs of unusable blocks have a gap of so many pages before them, on average.</summary>
    internal double ExpectedRuns(ulong minGap) =>
        Count * _unmovable * _runEnds * Math.Pow(1 - _gapEnds, (minGap - 1) / PagesPerBlock);

    internal void Sample(ref RandomStream random, BusyPages unusable, ulong minGap)
    {
        // Copies stay in registers, and signed numbers convert faster; positions are below 2^63.
        RandomStream draws = random;
        GeometricLength run = _run;
        GeometricLength gap = _gap;
        double count = Count;
        int stretch = 0;
        double position = draws.NextUnit() > 1 - _unmovable ? 0 : gap.Draw(ref draws);
        while (position < count)
        {
            ulong first = unchecked((ulong)(long)position);
            position += run.Draw(ref draws);
            ulong end = position < count ? unchecked((ulong)(long)position) : Count;
            AddRun(first, end, ref stretch, unusable, minGap);
            position += gap.Draw(ref draws);
        }

        random = draws;
    }

    /// <summary>Adds blocks by their position in the chain.</summary>
    private void AddRun(ulong first, ulong end, ref int stretch, BusyPages unusable, ulong minGap)
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
