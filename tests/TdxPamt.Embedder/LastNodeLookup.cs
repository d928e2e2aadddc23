namespace TdxPamt.Embedder;

/// <summary>Takes the node of the last memory block that a TDMR holds pages of.</summary>
internal sealed class LastNodeLookup : INodeLookup
{
    public bool TryGetNode(HostMemory host, AddressRange tdmr, out int node)
    {
        node = 0;
        bool found = false;
        foreach (MemoryRegion block in host.TdxMemoryBlocks)
        {
            if (!block.Range.Overlaps(tdmr))
                continue;
            node = block.Node;
            found = true;
        }

        return found;
    }
}
