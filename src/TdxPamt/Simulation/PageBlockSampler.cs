namespace TdxPamt.Simulation;

/// <summary>Draws which page blocks of a machine are unusable, in time proportional to their number.</summary>
/// <remarks>Immutable and safe for many threads.</remarks>
internal sealed class PageBlockSampler
{
    /// <summary>How many runs of unusable blocks a trial may be expected to have, all its threads together: what holds
    /// them then takes at most 64 MiB.</summary>
    internal const double MaxRuns = 3 << 20;

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
        foreach (PageBlockChain chain in _chains)
            ExpectedRuns += chain.ExpectedRuns;
        if (ExpectedRuns > MaxRuns)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"a trial has about {ExpectedRuns:0} runs of unmovable page blocks, and may have {MaxRuns:0}"));
        }
    }

    /// <summary>How many runs of unusable blocks a trial has on average.</summary>
    internal double ExpectedRuns { get; }

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

    /// <summary>Adds the unusable blocks to pages in use, of which there must be none.</summary>
    internal void Sample(ref RandomStream random, BusyPages unusable)
    {
        foreach (PageBlockChain chain in _chains)
            chain.Sample(ref random, unusable);
        unusable.Sort();
    }
}
