using TdxPamt.Memory;

namespace TdxPamt.Allocation;

/// <summary>The patch's rule: the node of the first TDX memory block that ends above the TDMR's base.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
public sealed class FirstBlockNodeLookup : INodeLookup
{
    private FirstBlockNodeLookup()
    {
    }

    /// <summary>The one look-up of this rule.</summary>
    public static FirstBlockNodeLookup Instance { get; } = new();

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public bool TryGetNode(HostMemory host, AddressRange tdmr, out int node)
    {
        ReadOnlySpan<MemoryRegion> blocks = Preconditions.NotNull(host, nameof(host)).Blocks.Span;
        int block = HostMemory.FirstEndingAbove(blocks, tdmr.Start);
        bool found = block < blocks.Length;
        node = found ? blocks[block].Node : 0;
        return found;
    }
}
