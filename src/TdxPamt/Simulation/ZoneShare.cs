namespace TdxPamt.Simulation;

/// <summary>How many 2 MiB page blocks of one zone of one node hold
/// unmovable pages; docs/model.md#page-block.</summary>
/// <remarks>Immutable; <c>default</c> is zone DMA of node 0 without page blocks.</remarks>
public readonly record struct ZoneShare
{
    /// <summary>Makes the share of a zone.</summary>
    /// <param name="node">The NUMA node, 0 to 1023.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="unmovablePageBlocks">Its unmovable page blocks, 0 to <paramref name="pageBlocks"/>.</param>
    /// <param name="pageBlocks">All its page blocks, 0 to 2^31, which is all of them below 2^52.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is not in its interval.</exception>
    public ZoneShare(int node, MemoryZone zone, long unmovablePageBlocks, long pageBlocks)
    {
        Node = Preconditions.InRange(node, 0, MemoryRegion.MaxNode, nameof(node));
        Zone = (MemoryZone)Preconditions.InRange((int)zone, 0, ZoneLimits.Count - 1, nameof(zone));
        if (pageBlocks is < 0 or > 1L << 31)
            throw new ArgumentOutOfRangeException(nameof(pageBlocks), pageBlocks, "pageBlocks must be from 0 to 2^31");
        if (unmovablePageBlocks < 0 || unmovablePageBlocks > pageBlocks)
        {
            throw new ArgumentOutOfRangeException(
                nameof(unmovablePageBlocks),
                unmovablePageBlocks,
                $"unmovablePageBlocks must be from 0 to pageBlocks, {pageBlocks}");
        }

        UnmovablePageBlocks = unmovablePageBlocks;
        PageBlocks = pageBlocks;
    }

    /// <summary>The NUMA node, 0 to 1023.</summary>
    public int Node { get; }

    /// <summary>The zone.</summary>
    public MemoryZone Zone { get; }

    /// <summary>Its unmovable page blocks.</summary>
    public long UnmovablePageBlocks { get; }

    /// <summary>All its page blocks.</summary>
    public long PageBlocks { get; }

    /// <summary>The fraction of its page blocks that is unmovable, 0 to 1; 0 where it has none.</summary>
    public double Unmovable => PageBlocks == 0 ? 0 : (double)UnmovablePageBlocks / PageBlocks;

    /// <summary>The share: <c>node 0, Normal: 5 of 100 page blocks</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"node {Node}, {Zone}: {UnmovablePageBlocks} of {PageBlocks} page blocks";
}
