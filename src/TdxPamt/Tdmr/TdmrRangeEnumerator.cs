namespace TdxPamt;

/// <summary>The ranges of the TDMRs over memory blocks, each aligned outwards to 1 GiB;
/// docs/model.md#fill_out_tdmrs.</summary>
internal struct TdmrRangeEnumerator(ValueList<MemoryRegion> blocks)
{
    private const ulong Mask = TdmrInfo.Alignment - 1;

    private readonly ValueList<MemoryRegion> _blocks = blocks;
    private int _next;

    internal AddressRange Current { get; private set; }

    internal static int Count(ValueList<MemoryRegion> blocks)
    {
        TdmrRangeEnumerator ranges = new(blocks);
        int count = 0;
        while (ranges.MoveNext())
            count++;
        return count;
    }

    internal bool MoveNext()
    {
        ulong covered = Current.End;
        while (_next < _blocks.Count)
        {
            AddressRange block = _blocks[_next++].Range;
            ulong end = (block.End + Mask) & ~Mask;
            if (end <= covered)
                continue;
            Current = AddressRange.Create(Math.Max(block.Start & ~Mask, covered), end);
            return true;
        }

        return false;
    }
}
