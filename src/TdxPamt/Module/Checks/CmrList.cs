namespace TdxPamt.Module;

/// <summary>The CMRs as the module accepts and compares them (docs/model.md#cmr-list).</summary>
internal static class CmrList
{
    /// <summary>Whether CMRs are 4 KiB aligned, below 2^52, ascending and not overlapping, and without
    /// key-id bits by the rules of a machine, if they are given. Null entries may lie
    /// anywhere, and CMRs may touch.</summary>
    /// <returns>Success or TDX_CMR_LIST_INVALID.</returns>
    internal static CompletionStatus Check(ReadOnlySpan<CmrInfo> cmrs, AddressRules? rules = null)
    {
        ulong previousEnd = 0;
        foreach (CmrInfo cmr in cmrs)
        {
            if (cmr.Size == 0)
                continue;
            bool valid = cmr.Base >= previousEnd && cmr.Base < AddressRange.Limit
                && cmr.Size <= AddressRange.Limit - cmr.Base
                && (cmr.Base | cmr.Size) % AddressRange.PageBytes == 0
                && (rules is null || (rules.IsPlain(cmr.Base) && rules.IsPlain(cmr.Base + (cmr.Size - 1))));
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
