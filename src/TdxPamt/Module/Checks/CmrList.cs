namespace TdxPamt.Module;

/// <summary>What TDH.SYS.INIT wants of the CMRs (docs/model.md#cmr-list).</summary>
internal static class CmrList
{
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
}
