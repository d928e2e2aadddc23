namespace TdxPamt.Simulation;

/// <summary>Draws which page blocks of a machine are unusable, in time proportional to their number.</summary>
/// <remarks>Immutable and safe for many threads.</remarks>
internal sealed class PageBlockSampler
{
    /// <summary>How many runs of unusable blocks may be expected to be kept at a time, by all threads together: they
    /// take at most 64 MiB.</summary>
    internal const double MaxRuns = 3 << 20;

    /// <summary>How many gaps that are kept may be expected at least, so that there always is one.</summary>
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

    /// <summary>How many runs a trial keeps on average where shorter gaps count as in use.</summary>
    internal double ExpectedRuns(ulong minGap)
    {
        double runs = 0;
        foreach (PageBlockChain chain in _chains)
            runs += chain.ExpectedRuns(minGap);
        return runs;
    }

    /// <summary>The shortest gap to keep, in pages, where shorter ones than that many are of no use: the longest gaps
    /// of all are to be among them.</summary>
    internal ulong MinGap(ulong smallestUse)
    {
        ulong gap = smallestUse;
        while (gap > 1 && ExpectedRuns(gap) < MinKept)
            gap /= 2;
        return gap;
    }

    /// <summary>Refuses what would take too much memory.</summary>
    internal void ThrowIfTooMany(ulong minGap)
    {
        double runs = ExpectedRuns(minGap);
        if (runs > MaxRuns)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"a trial has about {runs:0} runs of unmovable page blocks to keep, and may have {MaxRuns:0}"));
        }
    }

    /// <summary>Adds the unusable blocks to pages in use, of which there must be none.</summary>
    /// <param name="random">What decides.</param>
    /// <param name="unusable">The pages in use.</param>
    /// <param name="minGap">Fewer free pages than that between unusable ones count as in use; 1 or more.</param>
    /// <param name="cancellationToken">Ends it on the way: a large machine takes seconds.</param>
    /// <returns>Whether all were added, which they are unless it was cancelled.</returns>
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
