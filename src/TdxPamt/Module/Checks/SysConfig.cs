namespace TdxPamt.Module;

/// <summary>What TDH.SYS.CONFIG answers for a set of TDMRs: its checks of each TDMR, in the module's order.</summary>
/// <remarks>
/// <para>All checks of a TDMR run before the next TDMR is looked at, and the first failure is the answer
/// (docs/model.md#sys-config-checks). <see cref="ModuleVerdict"/> says the same in words, and <see cref="TdxModule"/>
/// makes the whole call.</para>
/// <para>Without state, so safe for many threads.</para>
/// </remarks>
public static class SysConfig
{
    /// <summary>The highest number of TDMRs of every module so far.</summary>
    internal const ulong MaxTdmrs = 64;

    /// <summary>A module with Dynamic PAMT holds page addresses of 48 bits: key ids must begin at this bit
    /// or below.</summary>
    internal const int MaxFirstKeyIdBitForDynamicPamt = 48;

    /// <summary>Up to how many TDMRs and CMRs no array is allocated.</summary>
    private const int OnStack = 64;

    /// <summary>Checks TDMRs. Up to 64 TDMRs and 64 CMRs nothing is allocated.</summary>
    /// <param name="tdmrs">The TDMR_INFOs, in the order in which the host passes them. Any values are
    /// legal: <see cref="TdmrInfoTable.Read"/> takes them from bytes, <see cref="TdmrInfoEntry.FromTdmr"/>
    /// from a construction.</param>
    /// <param name="cmrs">The CMRs, null entries included. A module's own table has 32; any number is
    /// legal here.</param>
    /// <param name="module">What the module reports, and whether Dynamic PAMT is used; null
    /// means <see cref="ModuleParameters.Default"/>.</param>
    /// <param name="release">The release that answers. Its TDH.SYS.INIT also refuses CMRs with key-id bits. Null means
    /// TDH.SYS.CONFIG of 1.5.25, which does not test for them.</param>
    /// <returns>The first of these that applies: TDX_CMR_LIST_INVALID for CMRs that no module accepts
    /// (docs/model.md#cmr-list); TDX_OPERAND_INVALID with operand 2 for no TDMRs, or more than
    /// <see cref="ModuleParameters.MaxTdmrs"/>; TDX_OPERAND_INVALID with operand 8 for Dynamic PAMT where the release
    /// lacks it (1.5.16 ignores it), or where key ids begin above bit 48; the status of the first check that
    /// fails; success.</returns>
    /// <exception cref="ArgumentException">There is a release, and there are more than 32 CMRs.</exception>
    public static CompletionStatus Check(
        ReadOnlySpan<TdmrInfoEntry> tdmrs,
        ReadOnlySpan<CmrInfo> cmrs,
        ModuleParameters? module = null,
        TdxModuleRelease? release = null) =>
        Find(tdmrs, cmrs, module ?? ModuleParameters.Default, release).Status;

    /// <summary>The checks, with whole indices of the TDMRs at fault.</summary>
    internal static SysConfigFinding Find(
        ReadOnlySpan<TdmrInfoEntry> tdmrs,
        ReadOnlySpan<CmrInfo> cmrs,
        ModuleParameters module,
        TdxModuleRelease? release)
    {
        bool refusesDynamic = release is not null && RefusesDynamicPamt(module, release);
        ulong foreignBits = 0;
        if (release is not null)
        {
            CmrList.CheckCount(cmrs.Length);
            module = Restrict(module, release);
            foreignBits = SysConfigChecker.ForeignBits(module);
        }

        CompletionStatus status = CmrList.Check(cmrs, foreignBits);
        if (status.IsSuccess)
            status = CheckCount(tdmrs.Length, module);
        if (status.IsSuccess)
            status = CheckDynamicPamt(module, refusesDynamic);
        return status.IsSuccess ? CheckEach(tdmrs, cmrs, module) : new(status);
    }

    /// <summary>What a release makes of parameters.</summary>
    internal static ModuleParameters Restrict(ModuleParameters module, TdxModuleRelease release) => module with
    {
        DynamicPamt = module.DynamicPamt && release.HasDynamicPamt,
        PhysicalAddressBits = release.KeyIdsBelowBit52 ? 52 : module.PhysicalAddressBits,
    };

    /// <summary>Whether bit 16 of R8 is set and a reserved one.</summary>
    internal static bool RefusesDynamicPamt(ModuleParameters module, TdxModuleRelease release) =>
        module.DynamicPamt && !release.TakesDynamicPamtBit;

    /// <summary>The call's own check of RDX, the number of TDMRs (docs/model.md#sys-config-call).</summary>
    internal static CompletionStatus CheckCount(int count, ModuleParameters module) =>
        count >= 1 && count <= module.MaxTdmrs
            ? default
            : new(CompletionCode.OperandInvalid, (int)SeamcallRegister.Rdx);

    /// <summary>The call's own check of R8: whether there is Dynamic PAMT, and can hold the addresses
    /// of pages.</summary>
    private static CompletionStatus CheckDynamicPamt(ModuleParameters module, bool refuses) =>
        refuses || module.DynamicPamt && module.PhysicalAddressBits - module.KeyIdBits > MaxFirstKeyIdBitForDynamicPamt
            ? new(CompletionCode.OperandInvalid, (int)SeamcallRegister.R8)
            : default;

    private static SysConfigFinding CheckEach(
        ReadOnlySpan<TdmrInfoEntry> tdmrs, ReadOnlySpan<CmrInfo> cmrs, ModuleParameters module)
    {
        Span<AddressRange> runs = cmrs.Length <= OnStack
            ? stackalloc AddressRange[OnStack]
            : new AddressRange[cmrs.Length];
        Span<AddressRange> pamts = tdmrs.Length <= OnStack
            ? stackalloc AddressRange[3 * OnStack]
            : new AddressRange[3 * tdmrs.Length];
        SysConfigChecker checker = new(tdmrs, CmrList.MergeTouching(cmrs, runs), pamts, module);
        CompletionStatus status = default;
        for (int i = 0; i < tdmrs.Length && status.IsSuccess; i++)
            status = checker.CheckNext();
        return status.Code == CompletionCode.PamtOverlap
            ? new(status, checker.Tdmr, checker.Other)
            : new(status, checker.Tdmr, status.Info2);
    }
}
