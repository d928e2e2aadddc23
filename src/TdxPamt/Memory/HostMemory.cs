using System.Diagnostics.CodeAnalysis;

namespace TdxPamt;

/// <summary>What a machine has: RAM with its NUMA nodes, CMRs, blocked pages and the nodes' fallback order.</summary>
/// <remarks>Immutable and safe for many threads.</remarks>
public sealed class HostMemory
{
    /// <summary>Where TDX memory starts, in bytes: Linux keeps the first 1 MiB out of it.</summary>
    public const ulong TdxMemoryStart = 0x100000;

    private readonly int[]?[] _orders;

    private HostMemory(MemoryRegion[] regions, AddressRange[] cmrs, BlockedRange[] blocked, NodeFallback fallback)
    {
        MemoryRegion[] blocks = AboveTdxMemoryStart(regions);
        Regions = new(regions);
        TdxMemoryBlocks = new(blocks);
        TdxMemoryRanges = Array.ConvertAll(blocks, static block => block.Range);
        Cmrs = new(cmrs);
        BlockedRanges = new(blocked);
        Fallback = fallback;
        Nodes = new(NodesOf(regions));
        _orders = new int[]?[Nodes.Count == 0 ? 0 : Nodes[^1] + 1];
    }

    /// <summary>Takes a machine's memory. Ranges may come in any order.</summary>
    /// <param name="memory">The RAM; no two regions may overlap, none may be empty.</param>
    /// <param name="cmrs">The convertible memory regions; no two may overlap, none may be empty. Null or none: not
    /// known.</param>
    /// <param name="blocked">Pages that cannot be handed out; ranges may overlap and lie anywhere.</param>
    /// <param name="fallback">The fallback order of the nodes; null: <see cref="NodeFallback.Default"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    /// <exception cref="ArgumentException">Two ranges overlap, or one is empty; the message names them.</exception>
    public static HostMemory Create(
        IEnumerable<MemoryRegion> memory,
        IEnumerable<AddressRange>? cmrs = null,
        IEnumerable<BlockedRange>? blocked = null,
        NodeFallback? fallback = null) =>
        TryCreate(memory, cmrs, blocked, fallback, out HostMemory? host, out string? contradiction)
            ? host
            : throw new ArgumentException(contradiction);

    /// <summary>Takes a machine's memory where <see cref="Create"/> would not throw an
    /// <see cref="ArgumentException"/>.</summary>
    /// <param name="memory">As for <see cref="Create"/>.</param>
    /// <param name="cmrs">As for <see cref="Create"/>.</param>
    /// <param name="blocked">As for <see cref="Create"/>.</param>
    /// <param name="fallback">As for <see cref="Create"/>.</param>
    /// <param name="host">The host, or null.</param>
    /// <param name="contradiction">What is contradictory, naming both ranges, or null.</param>
    /// <returns>Whether the parts make a host.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="memory"/> is null.</exception>
    public static bool TryCreate(
        IEnumerable<MemoryRegion> memory,
        IEnumerable<AddressRange>? cmrs,
        IEnumerable<BlockedRange>? blocked,
        NodeFallback? fallback,
        [NotNullWhen(true)] out HostMemory? host,
        [NotNullWhen(false)] out string? contradiction)
    {
        MemoryRegion[] regions = [.. Preconditions.NotNull(memory, nameof(memory))];
        AddressRange[] cmrRanges = cmrs is null ? [] : [.. cmrs];
        Array.Sort(regions, static (left, right) => AddressRange.Compare(left.Range, right.Range));
        Array.Sort(cmrRanges, AddressRange.Compare);
        contradiction = Contradiction(regions) ?? Contradiction(cmrRanges);
        host = contradiction is null
            ? new HostMemory(
                MergeAdjacent(regions),
                cmrRanges,
                blocked is null ? [] : [.. blocked],
                fallback ?? NodeFallback.Default)
            : null;
        return host is not null;
    }

    /// <summary>The RAM in ascending order, adjacent regions of one node merged.</summary>
    public ValueList<MemoryRegion> Regions { get; }

    /// <summary>The TDX memory blocks: the RAM at or above 1 MiB, in ascending order, adjacent ranges of one node
    /// merged.</summary>
    public ValueList<MemoryRegion> TdxMemoryBlocks { get; }

    /// <summary>The ranges of <see cref="TdxMemoryBlocks"/>, alike in form to <see cref="Cmrs"/>.</summary>
    internal AddressRange[] TdxMemoryRanges { get; }

    /// <summary>The convertible memory regions in ascending order; touching ones stay apart. None: not known; kernels
    /// that test convertibility then refuse all RAM.</summary>
    public ValueList<AddressRange> Cmrs { get; }

    /// <summary>The pages that cannot be handed out, as given.</summary>
    public ValueList<BlockedRange> BlockedRanges { get; }

    /// <summary>The fallback that <see cref="FallbackOrder"/> goes by.</summary>
    internal NodeFallback Fallback { get; }

    /// <summary>The nodes that have RAM, in ascending order.</summary>
    public ValueList<int> Nodes { get; }

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

    /// <summary>The order in which Linux looks through the nodes for pages of one of them.</summary>
    /// <param name="node">The wanted node, 0 to 1023; it may be one without RAM.</param>
    /// <returns>The wanted node, then those to fall back to. Nodes without RAM may be among them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The node is not in that interval.</exception>
    public ReadOnlySpan<int> FallbackOrder(int node)
    {
        if (node >= 0 && node < _orders.Length)
            return _orders[node] ??= Fallback.Order(node, Nodes);
        return Fallback.Order(Preconditions.InRange(node, 0, MemoryRegion.MaxNode, nameof(node)), Nodes);
    }

    /// <summary>How much there is: <c>1024 KiB of RAM on nodes 0, 1, 2 CMRs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{RamBytes >> 10} KiB of RAM on nodes {Nodes}, {Cmrs.Count} CMRs";

    /// <summary>Whether every page of a range is TDX memory, whatever its node.</summary>
    internal bool IsTdxMemory(AddressRange range) => AddressRanges.Contains(TdxMemoryRanges, range);

    private static string? Contradiction(MemoryRegion[] regions)
    {
        for (int i = 0; i < regions.Length; i++)
        {
            if (regions[i].Range.Size == 0)
                return $"memory range {regions[i].Range} is empty";
            if (i > 0 && regions[i - 1].Range.Overlaps(regions[i].Range))
                return $"memory ranges {InWords(regions[i - 1])} and {InWords(regions[i])} overlap";
        }

        return null;

        static string InWords(MemoryRegion region) => $"{region.Range} of node {region.Node}";
    }

    private static string? Contradiction(AddressRange[] cmrs)
    {
        for (int i = 0; i < cmrs.Length; i++)
        {
            if (cmrs[i].Size == 0)
                return $"CMR {cmrs[i]} is empty";
            if (i > 0 && cmrs[i - 1].Overlaps(cmrs[i]))
                return $"CMRs {cmrs[i - 1]} and {cmrs[i]} overlap";
        }

        return null;
    }

    private static MemoryRegion[] MergeAdjacent(MemoryRegion[] sorted)
    {
        int last = 0;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Node == sorted[last].Node && sorted[i].Range.Start == sorted[last].Range.End)
                sorted[last] = new(AddressRange.Create(sorted[last].Range.Start, sorted[i].Range.End), sorted[i].Node);
            else
                sorted[++last] = sorted[i];
        }

        return sorted.Length <= last + 1 ? sorted : sorted[..(last + 1)];
    }

    private static MemoryRegion[] AboveTdxMemoryStart(MemoryRegion[] regions)
    {
        if (regions.Length == 0 || regions[0].Range.Start >= TdxMemoryStart)
            return regions;
        MemoryRegion[] blocks = Array.FindAll(regions, static region => region.Range.End > TdxMemoryStart);
        if (blocks.Length > 0 && blocks[0].Range.Start < TdxMemoryStart)
            blocks[0] = new(AddressRange.Create(TdxMemoryStart, blocks[0].Range.End), blocks[0].Node);
        return blocks;
    }

    private static int[] NodesOf(MemoryRegion[] regions)
    {
        int[] nodes = Array.ConvertAll(regions, static region => region.Node);
        Array.Sort(nodes);
        int count = 0;
        foreach (int node in nodes)
        {
            if (count == 0 || nodes[count - 1] != node)
                nodes[count++] = node;
        }

        return nodes[..count];
    }
}
