using TdxPamt.Memory;
using TdxPamt.Module;
using TdxPamt.Tdmr;

namespace TdxPamt.Planning;

/// <summary>Asks the module model about TDMRs.</summary>
internal static class ModuleVerdict
{
    /// <summary>What TDH.SYS.CONFIG says; null where a TDMR has more areas than a TDMR_INFO has room for.</summary>
    internal static CompletionStatus? Of(
        ReadOnlySpan<TdmrInfo> tdmrs, HostMemory host, ModuleParameters module)
    {
        TdmrInfoBlock[] blocks = new TdmrInfoBlock[tdmrs.Length];
        for (int t = 0; t < tdmrs.Length; t++)
        {
            if (tdmrs[t].ReservedAreas.Count > TdmrInfoBlock.MaxReservedAreas)
                return null;
            blocks[t] = TdmrInfoBlock.FromTdmr(tdmrs[t]);
        }

        return SysConfig.Check(blocks, Cmrs(host), module);
    }

    /// <summary>What the module finds wrong with a plan, in words; null where it accepts it.</summary>
    internal static string? Problem(MemoryPlan plan, PlanHost host)
    {
        if (plan.IsAccepted)
            return null;
        if (plan.Verdict is not { } verdict)
        {
            return $"a TDMR_INFO has room for {TdmrInfoBlock.MaxReservedAreas} reserved areas, "
                + $"and a TDMR needs {plan.MostReservedAreas}";
        }

        TdmrInfoBlock[] blocks = [.. plan.Tdmrs.Select(static tdmr => TdmrInfoBlock.FromTdmr(tdmr))];
        return $"{verdict.Name}: {verdict.Describe(blocks, Cmrs(host.Original), host.Module)}";
    }

    /// <summary>The machine's CMRs; where none are known, its RAM.</summary>
    private static CmrInfo[] Cmrs(HostMemory host)
    {
        ReadOnlySpan<AddressRange> ranges = host.Cmrs.Count > 0 ? host.Cmrs.Span : host.BlockRanges;
        CmrInfo[] cmrs = new CmrInfo[ranges.Length];
        for (int i = 0; i < cmrs.Length; i++)
            cmrs[i] = CmrInfo.FromRange(ranges[i]);
        return cmrs;
    }
}
