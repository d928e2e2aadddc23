namespace TdxPamt.Module;

/// <summary>What TDH.SYS.CONFIG says of TDMRs: its checks of each TDMR, T1 to T8, in the module's order.</summary>
/// <remarks>
/// <para>All checks of a TDMR run before the next one is looked at, and the first failure is the answer. Any 64-bit
/// values are legal. Up to 64 TDMRs and 64 CMRs nothing is allocated.</para>
/// <para>Safe for many threads.</para>
/// </remarks>
public static class SysConfig
{
    /// <summary>The highest number of TDMRs of every module so far.</summary>
    internal const ulong MaxTdmrs = 64;

    /// <summary>A module with Dynamic PAMT holds page addresses of 48 bits: key ids must begin at this bit or below.</summary>
    internal const int MaxFirstKeyIdBitForDynamicPamt = 48;

    /// <summary>How many TDMRs and CMRs are checked on the stack alone.</summary>
    private const int OnStack = 64;

    /// <summary>Checks TDMRs.</summary>
    /// <param name="tdmrs">The TDMR_INFOs, in the order the host hands them over.</param>
    /// <param name="cmrs">The CMRs; null entries may be among them. A module's own table has 32; any number is taken
    /// here.</param>
    /// <param name="module">What the module reports, and whether Dynamic PAMT is used; null:
    /// <see cref="ModuleParameters.Default"/>.</param>
    /// <returns>The completion status: TDX_CMR_LIST_INVALID where <see cref="CmrTable.Check"/> says so; then
    /// TDX_OPERAND_INVALID with operand 2 for no TDMRs or more than <see cref="ModuleParameters.MaxTdmrs"/>; then the
    /// first check that fails; or success.</returns>
    public static CompletionStatus Check(
        ReadOnlySpan<TdmrInfoEntry> tdmrs, ReadOnlySpan<CmrInfo> cmrs, ModuleParameters? module = null)
    {
        module ??= ModuleParameters.Default;
        CompletionStatus status = CmrTable.Check(cmrs);
        if (status.IsSuccess)
            status = CheckCount(tdmrs.Length, module);
        return status.IsSuccess ? CheckEach(tdmrs, cmrs, module) : status;
    }

    /// <summary>Checks TDMRs as they lie in memory, 512 bytes apart.</summary>
    /// <param name="tdmrs">The TDMR_INFOs' bytes, a multiple of 512.</param>
    /// <param name="cmrs">As for <see cref="Check"/>.</param>
    /// <param name="module">As for <see cref="Check"/>.</param>
    /// <returns>As for <see cref="Check"/>.</returns>
    /// <exception cref="ArgumentException">The length is no multiple of 512.</exception>
    public static CompletionStatus CheckBytes(
        ReadOnlySpan<byte> tdmrs, ReadOnlySpan<CmrInfo> cmrs, ModuleParameters? module = null)
    {
        int count = TdmrInfoTable.Count(tdmrs);
        Span<TdmrInfoEntry> blocks = count <= OnStack ? stackalloc TdmrInfoEntry[OnStack] : new TdmrInfoEntry[count];
        TdmrInfoTable.Read(tdmrs, blocks);
        return Check(blocks[..count], cmrs, module);
    }

    /// <summary>Checks TDMRs as the kernel describes them.</summary>
    /// <param name="tdmrs">The TDMRs, in ascending order.</param>
    /// <param name="cmrs">As for <see cref="Check"/>.</param>
    /// <param name="module">As for <see cref="Check"/>.</param>
    /// <returns>As for <see cref="Check"/>.</returns>
    /// <exception cref="ArgumentException">A TDMR is null, or has more than 16 reserved areas, which a TDMR_INFO has no
    /// room for.</exception>
    public static CompletionStatus CheckTdmrs(
        ReadOnlySpan<TdmrInfo> tdmrs, ReadOnlySpan<CmrInfo> cmrs, ModuleParameters? module = null)
    {
        int count = tdmrs.Length;
        Span<TdmrInfoEntry> blocks = count <= OnStack ? stackalloc TdmrInfoEntry[OnStack] : new TdmrInfoEntry[count];
        for (int i = 0; i < count; i++)
            blocks[i] = TdmrInfoEntry.FromTdmr(tdmrs[i]);
        return Check(blocks[..count], cmrs, module);
    }

    /// <summary>The call's own check of the number of TDMRs.</summary>
    internal static CompletionStatus CheckCount(int count, ModuleParameters module) =>
        count >= 1 && count <= module.MaxTdmrs
            ? default
            : new(CompletionCode.OperandInvalid, (int)SeamcallRegister.Rdx);

    private static CompletionStatus CheckEach(
        ReadOnlySpan<TdmrInfoEntry> tdmrs, ReadOnlySpan<CmrInfo> cmrs, ModuleParameters module)
    {
        Span<AddressRange> runs = cmrs.Length <= OnStack
            ? stackalloc AddressRange[OnStack]
            : new AddressRange[cmrs.Length];
        Span<AddressRange> pamts = tdmrs.Length <= OnStack
            ? stackalloc AddressRange[3 * OnStack]
            : new AddressRange[3 * tdmrs.Length];
        SysConfigChecker checker = new(tdmrs, CmrTable.Merge(cmrs, runs), pamts, module);
        CompletionStatus status = default;
        for (int i = 0; i < tdmrs.Length && status.IsSuccess; i++)
            status = checker.CheckNext();
        return status;
    }
}
