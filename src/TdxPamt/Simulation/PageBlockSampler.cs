namespace TdxPamt.Simulation;

/// <summary>Draws which page blocks of a machine are unusable, in time proportional to their number.</summary>
/// <remarks>Immutable and safe for many threads.</remarks>
internal sealed class PageBlockSampler
{
    /// <summary>How many runs of unusable blocks all threads together may keep at a time, on average: they take at most
    /// 64 MiB.</summary>
    internal const double MaxRuns = 3 << 20;

    /// <summary>How many gaps a trial keeps at least, on average, so that hardly any trial keeps none.</summary>
    private const double MinKept = 40;

    private readonly PageBlockChain[] _chains;

    internal PageBlockSampler(HostMemory host, Fragmentation fragmentation)
    {
        Dictionary<(int Node, MemoryZone Zone), List<PageRun>> blocksByZone = [];
        ulong next = 0;
        foreach (MemoryRegion region in host.TdxMemoryBlocks)
        {
            // A block with RAM of two nodes belongs to the first.
            ulong first = Math.Max(next, region.Range.Start / Fragmentation.PageBlockBytes);
            next = (region.Range.End + Fragmentation.PageBlockBytes - 1) / Fragmentation.PageBlockBytes;
            for (ulong end; first < next; first = end)
            {
                MemoryZone zone = ZoneLimits.ZoneOf(first * PageBlockChain.PagesPerBlock);
                end = Math.Min(next, ZoneLimits.PagesOf(zone).End / PageBlockChain.PagesPerBlock);
                (int, MemoryZone) key = fragmentation.IsUniform ? default : (region.Node, zone);
                if (!blocksByZone.TryGetValue(key, out List<PageRun>? blocks))
                    blocksByZone.Add(key, blocks = []);
                blocks.Add(new(first, end));
            }
        }

        _chains =
        [
            .. blocksByZone.Select(zone => new PageBlockChain(
                [.. zone.Value], fragmentation.UnmovableIn(zone.Key.Node, zone.Key.Zone), fragmentation.MeanRunLength)),
        ];
    }

    /// <summary>How many page blocks the machine has.</summary>
    internal ulong PageBlocks
    {
        get
        {
            ulong blocks = 0;
            foreach (PageBlockChain chain in _chains)
                blocks += chain.Count;
            return blocks;
        }
    }

    /// <summary>How many runs a trial keeps on average, if gaps of fewer pages count as in use.</summary>
    internal double ExpectedRuns(ulong minGap)
    {
        double runs = 0;
        foreach (PageBlockChain chain in _chains)
            runs += chain.ExpectedRuns(minGap);
        return runs;
    }

    /// <summary>The shortest gap to keep, in pages: that of the smallest use, or a shorter one where gaps of that
    /// length are so rare that a trial might keep none.</summary>
    /// <param name="smallestUse">How many pages a gap must have to be of use.</param>
    internal ulong MinGap(ulong smallestUse)
    {
        ulong gap = smallestUse;
        while (gap > 1 && ExpectedRuns(gap) < MinKept)
            gap /= 2;
        return gap;
    }

    /// <summary>Refuses trials that would take too much memory.</summary>
    internal void ThrowIfTooMany(ulong minGap)
    {
        double runs = ExpectedRuns(minGap);
        if (runs > MaxRuns)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"a trial has about {runs:0} runs of unmovable page blocks to keep, and may have {MaxRuns:0}"));
        }
    }

    /// <summary>Draws the unusable blocks.</summary>
    /// <param name="random">The random numbers.</param>
    /// <param name="unusable">Gets the blocks' pages; empty before.</param>
    /// <param name="minGap">Gaps of fewer pages between unusable blocks count as in use; 1 or more.</param>
    /// <param name="cancellationToken">Stops it before it is done: a large machine takes seconds.</param>
    /// <returns>Whether all were drawn; false where it was cancelled.</returns>
    internal bool TrySample(
        ref RandomStream random,
        BusyPages unusable,
        ulong minGap = 1,
        CancellationToken cancellationToken = default)
    {
        foreach (PageBlockChain chain in _chains)
        {
            if (!chain.TrySample(ref random, unusable, minGap, cancellationToken))
                return false;
        }

        unusable.Sort();
        return true;
    }
}
