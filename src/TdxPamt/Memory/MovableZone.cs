namespace TdxPamt;

/// <summary>Where ZONE_MOVABLE of a node starts: memory from there up holds no
/// PAMTs; docs/model.md#zone-movable.</summary>
/// <remarks>Immutable; <c>default</c> is all memory of node 0.</remarks>
public readonly record struct MovableZone
{
    /// <summary>Says where ZONE_MOVABLE of a node starts.</summary>
    /// <param name="node">The NUMA node, 0 to <see cref="MemoryRegion.MaxNode"/>.</param>
    /// <param name="start">The address, a multiple of 4 KiB, at most <see cref="AddressRange.Limit"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The node or the address is not in its interval.</exception>
    public MovableZone(int node, ulong start)
    {
        Node = Preconditions.InRange(node, 0, MemoryRegion.MaxNode, nameof(node));
        Start = start % AddressRange.PageBytes == 0 && start <= AddressRange.Limit
            ? start
            : throw new ArgumentOutOfRangeException(
                nameof(start), start, $"start must be a multiple of 4 KiB, at most 0x{AddressRange.Limit:x}");
    }

    /// <summary>The NUMA node, 0 to <see cref="MemoryRegion.MaxNode"/>.</summary>
    public int Node { get; }

    /// <summary>The first address, in bytes, a multiple of 4096.</summary>
    public ulong Start { get; }

    /// <summary>The node and the address: <c>Node 1: 0x2080000000</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"Node {Node}: 0x{Start:x}";
}
