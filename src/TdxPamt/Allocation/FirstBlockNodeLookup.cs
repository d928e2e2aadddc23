namespace TdxPamt;

/// <summary>The kernel's rule: the node of the first TDX memory block that ends above the
/// TDMR's base; docs/model.md#tdmr_get_nid.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
public sealed class FirstBlockNodeLookup : INodeLookup
{
    private FirstBlockNodeLookup()
    {
    }

    /// <summary>The only instance.</summary>
    public static FirstBlockNodeLookup Instance { get; } = new();

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public bool TryGetNode(HostMemory host, AddressRange tdmr, out int node)
    {
        Preconditions.NotNull(host, nameof(host));
        int block = AddressRanges.FirstEndingAbove(host.TdxMemoryRanges, tdmr.Start);
        bool found = block < host.TdxMemoryBlocks.Count;
        node = found ? host.TdxMemoryBlocks[block].Node : 0;
        return found;
    }

    /// <summary>The rule in words.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => "the first memory block that ends above the TDMR's base";
}
