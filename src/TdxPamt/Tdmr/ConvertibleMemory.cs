namespace TdxPamt;

/// <summary>Each memory block must lie inside one CMR; adjacent CMRs are not taken
/// together; docs/model.md#convertible-test.</summary>
internal static class ConvertibleMemory
{
    /// <summary>Finds the first memory block that lies in no single CMR.</summary>
    internal static bool TryFindOutside(HostMemory host, out AddressRange outside)
    {
        foreach (MemoryRegion block in host.TdxMemoryBlocks)
        {
            if (AddressRanges.AnyContains(host.Cmrs.Span, block.Range))
                continue;
            outside = block.Range;
            return true;
        }

        outside = default;
        return false;
    }
}
