namespace TdxPamt.Simulation;

/// <summary>How many 2 MiB page blocks of one zone of one node the kernel uses for unmovable pages.</summary>
/// <remarks>Immutable; <c>default</c> is zone DMA of node 0 without blocks.</remarks>
public readonly record struct ZoneShare
{
    /// <summary>Takes the counts of a zone.</summary>
    /// <param name="node">The NUMA node, 0 to 1023.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="unmovableBlocks">Its unmovable page blocks, 0 to <paramref name="blocks"/>.</param>
    /// <param name="blocks">All its page blocks, 0 to 2^31: no more are below 2^52.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is not in its interval.</exception>
    public ZoneShare(int node, MemoryZone zone, long unmovableBlocks, long blocks)
    {
        Node = Preconditions.InRange(node, 0, MemoryRegion.MaxNode, nameof(node));
        Zone = (MemoryZone)Preconditions.InRange((int)zone, 0, ZoneLimits.Count - 1, nameof(zone));
        if (blocks is < 0 or > 1L << 31)
            throw new ArgumentOutOfRangeException(nameof(blocks), blocks, "blocks must be from 0 to 2^31");
        if (unmovableBlocks < 0 || unmovableBlocks > blocks)
        {
            throw new ArgumentOutOfRangeException(
                nameof(unmovableBlocks), unmovableBlocks, $"unmovableBlocks must be from 0 to blocks, {blocks}");
        }

        UnmovableBlocks = unmovableBlocks;
        Blocks = blocks;
    }

    /// <summary>The NUMA node, 0 to 1023.</summary>
    public int Node { get; }

    /// <summary>The zone.</summary>
    public MemoryZone Zone { get; }

    /// <summary>Its unmovable page blocks.</summary>
    public long UnmovableBlocks { get; }

    /// <summary>All its page blocks.</summary>
    public long Blocks { get; }

    /// <summary>The fraction of its page blocks that is unmovable, 0 to 1; 0 where it has none.</summary>
    public double Unmovable => Blocks == 0 ? 0 : (double)UnmovableBlocks / Blocks;
}
