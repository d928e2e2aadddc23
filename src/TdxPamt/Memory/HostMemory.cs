using System.Diagnostics.CodeAnalysis;

namespace TdxPamt;

/// <summary>A machine's memory: RAM with its NUMA nodes, CMRs, blocked pages and the nodes' fallback order.</summary>
/// <remarks>Immutable and safe for many threads.</remarks>
/// <example><code>
/// HostMemory host = HostMemory.Create(
/// [
///     new(AddressRange.Create(0x100000, 0x80000000), node: 0),
///     new(AddressRange.Create(0x100000000, 0x4080000000), node: 0),
///     new(AddressRange.Create(0x4080000000, 0x8080000000), node: 1),
/// ]);
/// </code></example>
public sealed class HostMemory
{
    /// <summary>Where TDX memory starts, in bytes: Linux keeps the first 1 MiB out of it.</summary>
    public const ulong TdxMemoryStart = 0x100000;

    private int[]? _nodes;
    private int[][]? _derivedOrders;

    private HostMemory(
        MemoryRegion[] regions,
        ValueList<AddressRange> cmrs,
        ValueList<BlockedRange> blocked,
        NodeFallback fallback,
        ValueList<MovableZone> movable)
    {
        Regions = new(regions);
        TdxMemoryBlocks = AboveTdxMemoryStart(regions);
        Cmrs = cmrs;
        BlockedRanges = blocked;
        Fallback = fallback;
        MovableZones = movable;
    }

    /// <summary>Takes a machine's memory. Ranges may come in any order.</summary>
    /// <param name="memory">The RAM; no two regions may overlap, none may be empty.</param>
    /// <param name="cmrs">The convertible memory regions; no two may overlap, none may be empty. Null or none means
    /// that they are not known.</param>
    /// <param name="blocked">Pages that cannot be handed out; ranges may overlap and lie anywhere; an empty one
    /// blocks nothing and is dropped.</param>
    /// <param name="fallback">The fallback order of the nodes; null: <see cref="NodeFallback.Default"/>.</param>
    /// <param name="movable">Where ZONE_MOVABLE starts, for the nodes that have one; no node twice.</param>
    /// <returns>The machine's memory.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    /// <exception cref="ArgumentException">Two ranges overlap, one is empty, a node has ZONE_MOVABLE twice, or the
    /// fallback order of a node with RAM does not start with it; the message names them.</exception>
    public static HostMemory Create(
        IEnumerable<MemoryRegion> memory,
        IEnumerable<AddressRange>? cmrs = null,
        IEnumerable<BlockedRange>? blocked = null,
        NodeFallback? fallback = null,
        IEnumerable<MovableZone>? movable = null) =>
        TryCreate(memory, cmrs, blocked, fallback, movable, out HostMemory? host, out HostMemoryFailure? failure)
            ? host
            : throw new ArgumentException(failure.Message);

    /// <summary>Takes a machine's memory, or says what is wrong with it.</summary>
    /// <param name="memory">As for <see cref="Create"/>.</param>
    /// <param name="cmrs">As for <see cref="Create"/>.</param>
    /// <param name="blocked">As for <see cref="Create"/>.</param>
    /// <param name="fallback">As for <see cref="Create"/>.</param>
    /// <param name="movable">As for <see cref="Create"/>.</param>
    /// <param name="host">The machine's memory, or null.</param>
    /// <param name="failure">Which list is wrong, and which ranges or node in it; or null.</param>
    /// <returns>Whether the parts make a host.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    public static bool TryCreate(
        IEnumerable<MemoryRegion> memory,
        IEnumerable<AddressRange>? cmrs,
        IEnumerable<BlockedRange>? blocked,
        NodeFallback? fallback,
        IEnumerable<MovableZone>? movable,
        [NotNullWhen(true)] out HostMemory? host,
        [NotNullWhen(false)] out HostMemoryFailure? failure)
    {
        MemoryRegion[] regions = [.. Preconditions.NotNull(memory, nameof(memory))];
        AddressRange[] cmrRanges = cmrs is null ? [] : [.. cmrs];
        MovableZone[] movableZones = movable is null ? [] : [.. movable];
        host = null;
        failure = SortRegions(regions) ?? SortCmrs(cmrRanges) ?? CheckFallback(regions, fallback)
            ?? SortMovable(movableZones);
        if (failure is not null)
            return false;
        host = new HostMemory(
            MergeAdjacent(regions),
            new(cmrRanges),
            blocked is null ? default : new([.. blocked.Where(static range => range.Range.Size > 0)]),
            fallback ?? NodeFallback.Default,
            new(movableZones));
        return true;
    }

    /// <summary>The RAM in ascending order, adjacent regions of one node merged.</summary>
    public ValueList<MemoryRegion> Regions { get; }

    /// <summary>The TDX memory blocks: the RAM at or above 1 MiB, in ascending order, adjacent ranges of one
    /// node merged; docs/model.md#build_tdx_memlist.</summary>
    public ValueList<MemoryRegion> TdxMemoryBlocks { get; }

    /// <summary>The ranges of <see cref="TdxMemoryBlocks"/>; those of different nodes may be adjacent.</summary>
    internal AddressRange[] TdxMemoryRanges => field ??= RangesOf(TdxMemoryBlocks.Span);

    /// <summary>The convertible memory regions in ascending order; adjacent ones stay apart, as
    /// docs/model.md#convertible-test needs them. None means that they are not known: kernels that test whether RAM is
    /// convertible then refuse all of it.</summary>
    public ValueList<AddressRange> Cmrs { get; }

    /// <summary>The pages that cannot be handed out, in the order given, without empty ranges.</summary>
    public ValueList<BlockedRange> BlockedRanges { get; }

    /// <summary>Where ZONE_MOVABLE starts, for the nodes that have one, in ascending order of
    /// nodes; docs/model.md#zone-movable.</summary>
    public ValueList<MovableZone> MovableZones { get; }

    /// <summary>The RAM at or above 1 MiB that lies in no CMR, adjacent CMRs taken together, in ascending order; none
    /// where CMRs are not known. With any, TDX stays off; docs/model.md#later-memory.</summary>
    public ValueList<AddressRange> OutsideCmrs =>
        Cmrs.Count == 0 ? default : new(AddressRanges.Subtract(TdxMemoryRanges, Cmrs.Span));

    /// <summary>What <see cref="FallbackOrder"/> is computed from.</summary>
    internal NodeFallback Fallback { get; }

    /// <summary>The nodes that have RAM other than page 0, in ascending order.</summary>
    public ValueList<int> Nodes => new(_nodes ??= NodesOf(Regions.Span));

    /// <summary>The RAM, in bytes.</summary>
    public ulong RamBytes
    {
        get
        {
            ulong bytes = 0;
            foreach (MemoryRegion region in Regions)
                bytes += region.Range.Size;
            return bytes;
        }
    }

    /// <summary>The RAM at or above 1 MiB, in bytes.</summary>
    public ulong TdxMemoryBytes => AddressRanges.TotalBytes(TdxMemoryRanges);

    /// <summary>The order in which Linux looks through the nodes for pages that are wanted on one of
    /// them; docs/model.md#find_next_best_node.</summary>
    /// <param name="node">The wanted node, 0 to 1023; it may be one without RAM.</param>
    /// <returns>The given order or else the derived one: the wanted node if it has RAM, then those to fall back to.
    /// A given order may name nodes without RAM.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The node is not in that interval.</exception>
    public ReadOnlySpan<int> FallbackOrder(int node)
    {
        Preconditions.InRange(node, 0, MemoryRegion.MaxNode, nameof(node));
        if (Fallback.Given(node) is { } given)
            return given;
        int[][] derived = _derivedOrders ??= Fallback.Derive(Nodes.Span);
        return derived[Math.Min(node, derived.Length - 1)];
    }

    /// <summary>A summary: <c>255.4 GiB of RAM on nodes 0, 1, 2 CMRs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Quantities.Size(RamBytes)} of RAM on nodes {Nodes}, {Cmrs.Count} CMRs";

    /// <summary>The same machine with other RAM and other CMRs; the CMRs must be in order and not overlap.</summary>
    internal HostMemory With(IEnumerable<MemoryRegion> memory, ValueList<AddressRange> cmrs)
    {
        MemoryRegion[] regions = [.. memory];
        HostMemoryFailure? failure = SortRegions(regions) ?? CheckFallback(regions, Fallback);
        return failure is null
            ? new HostMemory(MergeAdjacent(regions), cmrs, BlockedRanges, Fallback, MovableZones)
            : throw new ArgumentException(failure.Message);
    }

    /// <summary>The first page of a node's ZONE_MOVABLE; <see cref="ulong.MaxValue"/> where it has none.</summary>
    internal ulong FirstMovablePage(int node)
    {
        foreach (MovableZone zone in MovableZones)
        {
            if (zone.Node == node)
                return zone.Start / AddressRange.PageBytes;
        }

        return ulong.MaxValue;
    }

    /// <summary>Whether every page of a range is TDX memory, whatever its node.</summary>
    internal bool IsTdxMemory(AddressRange range) => AddressRanges.Contains(TdxMemoryRanges, range);

    /// <summary>Whether regions are in ascending order, do not overlap, and none is empty.</summary>
    private static bool AreInOrder(ReadOnlySpan<MemoryRegion> regions)
    {
        ulong position = 0;
        foreach (MemoryRegion region in regions)
        {
            if (region.Range.Start < position || region.Range.Size == 0)
                return false;
            position = region.Range.End;
        }

        return true;
    }

    /// <summary>Sorts and checks regions; those that are in order already, as most are, cost one look.</summary>
    private static HostMemoryFailure? SortRegions(MemoryRegion[] regions)
    {
        if (AreInOrder(regions))
            return null;
        Array.Sort(regions, static (left, right) => AddressRange.Compare(left.Range, right.Range));
        return CheckRegions(regions);
    }

    private static HostMemoryFailure? CheckRegions(MemoryRegion[] sorted)
    {
        for (int i = 0; i < sorted.Length; i++)
        {
            AddressRange range = sorted[i].Range;
            if (range.Size == 0)
                return Empty(HostMemoryPart.Memory, range, $"memory range {range} is empty");
            if (i > 0 && sorted[i - 1].Range.Overlaps(range))
            {
                return Overlap(
                    HostMemoryPart.Memory,
                    sorted[i - 1].Range,
                    range,
                    $"memory ranges {InWords(sorted[i - 1])} and {InWords(sorted[i])} overlap");
            }
        }

        return null;

        static string InWords(MemoryRegion region) => $"{region.Range} of node {region.Node}";
    }

    private static HostMemoryFailure? SortCmrs(AddressRange[] sorted)
    {
        Array.Sort(sorted, AddressRange.Compare);
        for (int i = 0; i < sorted.Length; i++)
        {
            AddressRange cmr = sorted[i];
            if (cmr.Size == 0)
                return Empty(HostMemoryPart.Cmrs, cmr, $"CMR {cmr} is empty");
            if (i > 0 && sorted[i - 1].Overlaps(cmr))
                return Overlap(HostMemoryPart.Cmrs, sorted[i - 1], cmr, $"CMRs {sorted[i - 1]} and {cmr} overlap");
        }

        return null;
    }

    private static HostMemoryFailure? CheckFallback(MemoryRegion[] regions, NodeFallback? fallback) =>
        fallback?.CheckFirst(NodesOf(regions));

    private static HostMemoryFailure? SortMovable(MovableZone[] sorted)
    {
        Array.Sort(sorted, static (left, right) => left.Node.CompareTo(right.Node));
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Node == sorted[i - 1].Node)
            {
                return new(HostMemoryPart.MovableZones, $"node {sorted[i].Node} has ZONE_MOVABLE twice")
                {
                    Node = sorted[i].Node,
                };
            }
        }

        return null;
    }

    private static HostMemoryFailure Empty(HostMemoryPart part, AddressRange range, string message) =>
        new(part, message) { Range = range };

    private static HostMemoryFailure Overlap(
        HostMemoryPart part, AddressRange lower, AddressRange higher, string message) =>
        new(part, message) { Range = lower, Other = higher };

    private static MemoryRegion[] MergeAdjacent(MemoryRegion[] sorted)
    {
        // Regions before the first pair that merges stay where they are.
        int last = 0;
        while (last + 1 < sorted.Length && !AreAdjacent(sorted[last], sorted[last + 1]))
            last++;
        for (int i = last + 1; i < sorted.Length; i++)
        {
            if (AreAdjacent(sorted[last], sorted[i]))
                sorted[last] = new(AddressRange.Create(sorted[last].Range.Start, sorted[i].Range.End), sorted[i].Node);
            else
                sorted[++last] = sorted[i];
        }

        return sorted.Length <= last + 1 ? sorted : sorted.AsSpan(0, last + 1).ToArray();
    }

    private static bool AreAdjacent(in MemoryRegion lower, in MemoryRegion higher) =>
        lower.Range.End == higher.Range.Start && lower.Node == higher.Node;

    /// <summary>The regions at or above 1 MiB, without a copy unless one lies across that line.</summary>
    private static ValueList<MemoryRegion> AboveTdxMemoryStart(MemoryRegion[] regions)
    {
        int first = 0;
        while (first < regions.Length && regions[first].Range.End <= TdxMemoryStart)
            first++;
        if (first == regions.Length || regions[first].Range.Start >= TdxMemoryStart)
            return new(regions, first, regions.Length - first);
        MemoryRegion[] blocks = regions.AsSpan(first).ToArray();
        blocks[0] = new(AddressRange.Create(TdxMemoryStart, blocks[0].Range.End), blocks[0].Node);
        return new(blocks);
    }

    private static AddressRange[] RangesOf(ReadOnlySpan<MemoryRegion> regions)
    {
        AddressRange[] ranges = new AddressRange[regions.Length];
        for (int i = 0; i < ranges.Length; i++)
            ranges[i] = regions[i].Range;
        return ranges;
    }

    private static int[] NodesOf(ReadOnlySpan<MemoryRegion> regions)
    {
        // Page 0 is never RAM to Linux.
        if (regions.Length > 0 && regions[0].Range.End <= AddressRange.PageBytes)
            regions = regions[1..];
        int highest = -1;
        foreach (MemoryRegion region in regions)
            highest = Math.Max(highest, region.Node);
        Span<bool> hasMemory = stackalloc bool[highest + 1];
        int count = 0;
        foreach (MemoryRegion region in regions)
        {
            count += hasMemory[region.Node] ? 0 : 1;
            hasMemory[region.Node] = true;
        }

        int[] nodes = new int[count];
        for (int node = highest; node >= 0; node--)
        {
            if (hasMemory[node])
                nodes[--count] = node;
        }

        return nodes;
    }
}
