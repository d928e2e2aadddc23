namespace TdxPamt.Module;

/// <summary>The CMRs as the module accepts and compares them (docs/model.md#cmr-list).</summary>
internal static class CmrList
{
    /// <summary>Checks that a module's table has room for that many CMRs.</summary>
    internal static void CheckCount(int count)
    {
        if (count > CmrTable.Entries)
            throw new ArgumentException($"a module knows at most {CmrTable.Entries} CMRs, and these are {count}");
    }

    /// <summary>Whether CMRs are 4 KiB aligned, below 2^52, ascending and not overlapping, and without bits that select
    /// a key. Null entries may lie anywhere, and CMRs may touch.</summary>
    /// <param name="cmrs">The CMRs.</param>
    /// <param name="foreignBits">The bits that neither the first nor the last address of a CMR may have: TDH.SYS.INIT
    /// refuses those that select a key.</param>
    /// <returns>Success or TDX_CMR_LIST_INVALID.</returns>
    internal static CompletionStatus Check(ReadOnlySpan<CmrInfo> cmrs, ulong foreignBits = 0)
    {
        ulong previousEnd = 0;
        foreach (CmrInfo cmr in cmrs)
        {
            if (cmr.Size == 0)
                continue;
            bool valid = cmr.Base >= previousEnd && cmr.Base < AddressRange.Limit
                && cmr.Size <= AddressRange.Limit - cmr.Base
                && (cmr.Base | cmr.Size) % AddressRange.PageBytes == 0
                && ((cmr.Base | (cmr.Base + (cmr.Size - 1))) & foreignBits) == 0;
            if (!valid)
                return new(CompletionCode.CmrListInvalid);
            previousEnd = cmr.Base + cmr.Size;
        }

        return default;
    }

    /// <summary>The CMR runs of a valid list: touching CMRs taken together (docs/model.md#sys-config-checks).</summary>
    /// <param name="cmrs">CMRs that <see cref="Check"/> accepts.</param>
    /// <param name="runs">Room for one range for each CMR.</param>
    /// <returns>The runs, ascending, no two of them touching.</returns>
    internal static ReadOnlySpan<AddressRange> MergeTouching(ReadOnlySpan<CmrInfo> cmrs, Span<AddressRange> runs)
    {
        int count = 0;
        foreach (CmrInfo cmr in cmrs)
        {
            if (cmr.Size == 0)
                continue;
            bool touches = count > 0 && runs[count - 1].End == cmr.Base;
            ulong start = touches ? runs[--count].Start : cmr.Base;
            runs[count++] = AddressRange.Create(start, cmr.Base + cmr.Size);
        }

        return runs[..count];
    }
}
