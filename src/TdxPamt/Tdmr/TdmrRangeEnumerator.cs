namespace TdxPamt;

/// <summary>The ranges of the TDMRs over memory blocks, each aligned outwards
/// to 1 GiB; docs/model.md#fill_out_tdmrs.</summary>
internal ref struct TdmrRangeEnumerator(ReadOnlySpan<MemoryRegion> blocks)
{
    private const ulong Mask = TdmrInfo.Alignment - 1;

    private readonly ReadOnlySpan<MemoryRegion> _blocks = blocks;
    private int _next;

    /// <summary>The current TDMR's range.</summary>
    internal AddressRange Current { get; private set; }

    /// <summary>The block that the current TDMR starts for: the first that ends above its base.</summary>
    internal readonly MemoryRegion Block => _blocks[_next - 1];

    /// <summary>How many TDMRs cover the blocks.</summary>
    internal static int Count(ReadOnlySpan<MemoryRegion> blocks)
    {
        ulong covered = 0;
        int count = 0;
        foreach (ref readonly MemoryRegion block in blocks)
        {
            ulong end = AlignUp(block.Range.End);
            count += end > covered ? 1 : 0;
            covered = end;
        }

        return count;
    }

    /// <summary>Moves to the next TDMR; false where there are no more.</summary>
    internal bool MoveNext()
    {
        ulong covered = Current.End;
        while (_next < _blocks.Length)
        {
            AddressRange block = _blocks[_next++].Range;
            ulong end = AlignUp(block.End);
            if (end <= covered)
                continue;
            Current = AddressRange.Create(Math.Max(block.Start & ~Mask, covered), end);
            return true;
        }

        return false;
    }

    private static ulong AlignUp(ulong address) => (address + Mask) & ~Mask;
}
