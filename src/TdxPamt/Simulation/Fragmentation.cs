namespace TdxPamt.Simulation;

/// <summary>How much of a machine's memory is unusable for large requests, because of pages that cannot
/// be moved; docs/model.md#fragmentation.</summary>
/// <remarks>
/// <para>The kernel isolates whole page blocks of 2 MiB, so one unmovable page makes its block unusable. Every 2 MiB
/// aligned block with RAM at or above 1 MiB in it is unusable with probability F, or with that of its zone. What the
/// host says is blocked stays blocked.</para>
/// <para>Whether blocks are unusable is a Markov chain of two states along the blocks of the machine (of each zone,
/// where zones differ) in ascending order, holes left out. It starts in its stationary state: unusable with
/// probability F. An unusable block is followed by a usable one with probability q = min(1/L, 1 - F), a usable one by
/// an unusable one with probability qF/(1 - F), which keeps the fraction at F. So runs of unusable blocks have a mean
/// length of 1/q: L blocks, or 1/(1 - F) where L is less, which is how long runs of independent blocks are. With L = 1
/// blocks are independent.</para>
/// <para>Immutable and safe for many threads.</para>
/// </remarks>
public sealed class Fragmentation
{
    /// <summary>The size of a page block, in bytes: 2 MiB.</summary>
    public const ulong PageBlockBytes = 2UL << 20;

    private readonly double _unmovable;
    private readonly ZoneShare[]? _shares;

    private Fragmentation(double unmovable, ZoneShare[]? shares, double meanRunLength)
    {
        if (!(meanRunLength >= 1 && meanRunLength <= double.MaxValue))
        {
            throw new ArgumentOutOfRangeException(
                nameof(meanRunLength), meanRunLength, "meanRunLength must be a number from 1 up");
        }

        _unmovable = unmovable;
        _shares = shares;
        MeanRunLength = meanRunLength;
    }

    /// <summary>No block is unusable.</summary>
    public static Fragmentation None { get; } = new(0, null, 1);

    /// <summary>The mean length L of a run of unusable blocks, in blocks, 1 or more; with 1
    /// blocks are independent.</summary>
    public double MeanRunLength { get; }

    /// <summary>Whether all blocks are unusable with the same probability.</summary>
    internal bool IsUniform => _shares is null;

    /// <summary>Every block is unusable with the same probability.</summary>
    /// <param name="unmovable">The probability F, 0 to 1.</param>
    /// <param name="meanRunLength">The mean length L of a run of unusable blocks, in blocks, 1 or more.</param>
    /// <returns>The fragmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in its interval.</exception>
    public static Fragmentation Uniform(double unmovable, double meanRunLength = 1) =>
        unmovable is >= 0 and <= 1
            ? new Fragmentation(unmovable, null, meanRunLength)
            : throw new ArgumentOutOfRangeException(nameof(unmovable), unmovable, "unmovable must be from 0 to 1");

    /// <summary>The blocks of each zone are unusable with the zone's own probability, such as the one that
    /// <c>/proc/pagetypeinfo</c> reports for a running machine.</summary>
    /// <param name="shares">The zones, none twice. A zone without blocks, or not among them, takes the fraction of
    /// its whole node.</param>
    /// <param name="meanRunLength">The mean length L of a run of unusable blocks, in blocks, 1 or more.</param>
    /// <returns>The fragmentation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="shares"/> is null.</exception>
    /// <exception cref="ArgumentException">A zone is among them twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="meanRunLength"/> is not
    /// in its interval.</exception>
    public static Fragmentation FromZones(IEnumerable<ZoneShare> shares, double meanRunLength = 1)
    {
        ZoneShare[] zones = [.. Preconditions.NotNull(shares, nameof(shares))];
        HashSet<(int, MemoryZone)> seen = [];
        foreach (ZoneShare zone in zones)
        {
            if (!seen.Add((zone.Node, zone.Zone)))
                throw new ArgumentException($"zone {zone.Zone} of node {zone.Node} comes twice", nameof(shares));
        }

        return new Fragmentation(0, zones, meanRunLength);
    }

    /// <summary>The blocks that are unusable in one trial of a simulation.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="seed">The simulation's seed.</param>
    /// <param name="trial">The trial, 0 or more.</param>
    /// <returns>Runs of whole page blocks, in ascending order; kind <see cref="BlockedKind.Unmovable"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="trial"/> is negative.</exception>
    /// <exception cref="ArgumentException">Zones' shares are given, but none for a node of the host; or there would be
    /// more than 3,145,728 runs on average.</exception>
    public ValueList<BlockedRange> Sample(HostMemory host, ulong seed, int trial = 0)
    {
        PageBlockSampler sampler = new(Preconditions.NotNull(host, nameof(host)), this);
        RandomStream random = new(seed, Preconditions.InRange(trial, 0, int.MaxValue, nameof(trial)));
        sampler.ThrowIfTooMany(minGap: 1);
        BusyPages unusable = new();
        sampler.TrySample(ref random, unusable);
        BlockedRange[] ranges = new BlockedRange[unusable.Runs.Length];
        for (int i = 0; i < ranges.Length; i++)
            ranges[i] = new(unusable.Runs[i].ToRange(), BlockedKind.Unmovable);

        return new(ranges);
    }

    /// <summary>The probability F of the blocks of a zone.</summary>
    internal double UnmovableIn(int node, MemoryZone zone)
    {
        if (_shares is null)
            return _unmovable;
        ZoneShare[] ofNode = Array.FindAll(_shares, share => share.Node == node);
        if (ofNode.Length == 0)
            throw new ArgumentException($"node {node} of the host has no share of unmovable blocks");
        ZoneShare own = Array.Find(ofNode, share => share.Zone == zone);
        long blocks = ofNode.Sum(static share => share.PageBlocks);
        return own.PageBlocks > 0 ? own.Unmovable
            : blocks > 0 ? (double)ofNode.Sum(static share => share.UnmovablePageBlocks) / blocks
            : 0;
    }

    /// <summary>The fragmentation in words.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _shares is null
        ? FormattableString.Invariant($"{_unmovable} unmovable, runs of {MeanRunLength}")
        : FormattableString.Invariant($"shares of {_shares.Length} zones, runs of {MeanRunLength}");
}
