using TdxPamt.Memory;
using TdxPamt.Module;
using TdxPamt.Tdmr;

namespace TdxPamt.Hosts;

/// <summary>What the TDX module says of a set of TDMRs when TDH.SYS.CONFIG gets them.</summary>
/// <param name="Status">The completion status.</param>
/// <param name="Message">The status in words, with the ranges it is about.</param>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record ModuleVerdict(CompletionStatus Status, string Message)
{
    /// <summary>Whether the module takes the TDMRs.</summary>
    public bool IsAccepted => Status.IsSuccess;

    /// <summary>Asks the module about TDMRs of any values.</summary>
    /// <param name="set">The TDMRs, the CMRs and what the module reports.</param>
    /// <returns>The verdict.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="set"/> is null.</exception>
    public static ModuleVerdict Of(TdmrSet set)
    {
        _ = set ?? throw new ArgumentNullException(nameof(set));
        return Of(set.Tdmrs.Span, set.Cmrs.Span, set.Module);
    }

    /// <summary>Asks the module about constructed TDMRs.</summary>
    /// <returns>The verdict; null where the CMRs are not known, or where a TDMR has more reserved areas than a
    /// TDMR_INFO has room for.</returns>
    internal static ModuleVerdict? Of(TdmrConstruction construction, HostMemory host, ModuleParameters module)
    {
        if (host.Cmrs.Count == 0)
            return null;
        TdmrInfoBlock[] tdmrs = new TdmrInfoBlock[construction.Tdmrs.Count];
        for (int i = 0; i < tdmrs.Length; i++)
        {
            if (construction.Tdmrs[i].ReservedAreas.Count > TdmrInfoBlock.MaxReservedAreas)
                return null;
            tdmrs[i] = TdmrInfoBlock.FromTdmr(construction.Tdmrs[i]);
        }

        CmrInfo[] cmrs = new CmrInfo[host.Cmrs.Count];
        for (int i = 0; i < cmrs.Length; i++)
            cmrs[i] = CmrInfo.FromRange(host.Cmrs[i]);
        return Of(tdmrs, cmrs, module);
    }

    private static ModuleVerdict Of(
        ReadOnlySpan<TdmrInfoBlock> tdmrs, ReadOnlySpan<CmrInfo> cmrs, ModuleParameters module)
    {
        CompletionStatus status = SysConfig.Check(tdmrs, cmrs, module);
        return new(status, status.IsSuccess ? "accepted" : status.Describe(tdmrs, cmrs, module));
    }
}
