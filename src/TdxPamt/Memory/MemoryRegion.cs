namespace TdxPamt;

/// <summary>One range of the machine's RAM and the NUMA node it belongs to.</summary>
/// <remarks>Immutable; <c>default</c> is an empty range of node 0, which <see cref="HostMemory"/> refuses.</remarks>
public readonly record struct MemoryRegion
{
    /// <summary>The highest node number: Linux on x86 has at most 1024 nodes.</summary>
    public const int MaxNode = 1023;

    /// <summary>Makes a region.</summary>
    /// <param name="range">The pages.</param>
    /// <param name="node">The NUMA node, 0 to <see cref="MaxNode"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The node is not in that interval.</exception>
    public MemoryRegion(AddressRange range, int node)
    {
        Range = range;
        Node = Preconditions.InRange(node, 0, MaxNode, nameof(node));
    }

    /// <summary>The pages.</summary>
    public AddressRange Range { get; }

    /// <summary>The NUMA node, 0 to <see cref="MaxNode"/>.</summary>
    public int Node { get; }

    /// <summary>The node and the range: <c>node 0: [0x1000, 0x9f000)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"node {Node}: {Range}";
}
