namespace TdxPamt;

/// <summary>The ranges of the TDMRs over memory blocks, each aligned outwards
/// to 1 GiB; docs/model.md#fill_out_tdmrs.</summary>
internal struct TdmrRangeEnumerator(AddressRange[] blocks)
{
    private const ulong Mask = TdmrInfo.Alignment - 1;

    private readonly AddressRange[] _blocks = blocks;
    private int _next;

    internal AddressRange Current { get; private set; }

    internal static int Count(AddressRange[] blocks)
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
        while (_next < _blocks.Length)
        {
            AddressRange block = _blocks[_next++];
            ulong end = (block.End + Mask) & ~Mask;
            if (end <= covered)
                continue;
            Current = AddressRange.Create(Math.Max(block.Start & ~Mask, covered), end);
            return true;
        }

        return false;
    }
}
