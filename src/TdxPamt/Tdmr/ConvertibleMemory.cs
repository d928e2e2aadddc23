namespace TdxPamt;

/// <summary>Each memory block must lie inside one CMR; adjacent CMRs are not
/// taken together. docs/model.md#convertible-test.</summary>
internal static class ConvertibleMemory
{
    internal static bool TryFindOutside(HostMemory host, out AddressRange outside)
    {
        ReadOnlySpan<AddressRange> cmrs = host.Cmrs.Span;
        int cmr = 0;
        foreach (MemoryRegion block in host.TdxMemoryBlocks)
        {
            while (cmr < cmrs.Length && cmrs[cmr].End <= block.Range.Start)
                cmr++;
            if (cmr < cmrs.Length && cmrs[cmr].Contains(block.Range))
                continue;
            outside = block.Range;
            return true;
        }

        outside = default;
        return false;
    }
}
