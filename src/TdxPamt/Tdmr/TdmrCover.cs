namespace TdxPamt;

/// <summary>Step 3: the ranges of the TDMRs that cover the memory blocks, each aligned outwards to 1 GiB.</summary>
internal ref struct TdmrCover(ReadOnlySpan<MemoryRegion> blocks)
{
    private const ulong Mask = TdmrInfo.Alignment - 1;

    private readonly ReadOnlySpan<MemoryRegion> _blocks = blocks;
    private int _next;

    internal AddressRange Current { get; private set; }

    internal static int Count(ReadOnlySpan<MemoryRegion> blocks)
    {
        TdmrCover cover = new(blocks);
        int count = 0;
        while (cover.MoveNext())
            count++;
        return count;
    }

    internal bool MoveNext()
    {
        ulong covered = Current.End;
        while (_next < _blocks.Length)
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
