using TdxPamt.Cli;
using TdxPamt.Hosts;
using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Fuzz.Targets;

/// <summary>What must hold of every host that was read, whatever it was read from.</summary>
internal static class HostLaws
{
    /// <summary>Of so many hosts one is compared and explained, which takes hundreds of times as long.</summary>
    private const int Compared = 400;

    internal static void Check(HostDescription host, Chance chance)
    {
        IsWrittenAndRead(host);
        int read = chance.Below(KernelModel.All.Count);
        for (int kernel = 0; kernel < KernelModel.All.Count; kernel++)
        {
            HostPlan plan = HostPlan.Create(host, KernelModel.All[kernel]);
            if (kernel == read)
                Check(plan, chance);
        }

        if (chance.OneIn(Compared))
            Compare(host, chance);
    }

    /// <summary>Whether two hosts are alike in all that a plan depends on.</summary>
    internal static bool AreAlike(HostDescription left, HostDescription right) =>
        left.Name == right.Name
        && left.Memory.Regions == right.Memory.Regions
        && left.Memory.Cmrs == right.Memory.Cmrs
        && left.Memory.BlockedRanges == right.Memory.BlockedRanges
        && Enumerable.Range(0, left.Memory.Nodes.Count == 0 ? 0 : left.Memory.Nodes[^1] + 1)
            .All(node => left.Memory.FallbackOrder(node).SequenceEqual(right.Memory.FallbackOrder(node)))
        && left.Kernel == right.Kernel
        && left.Module == right.Module;

    private static void IsWrittenAndRead(HostDescription host)
    {
        ReadOnlySpan<byte> document = Law.WritesJson(buffer => HostDocument.Write(host, buffer));
        Law.Holds(AreAlike(host, HostDocument.Parse(document, Law.File)), "a host is written and read back");
    }

    private static void Check(HostPlan plan, Chance chance)
    {
        ReadOnlySpan<byte> document = Law.WritesJson(buffer => PlanDocument.Write(plan, buffer));
        Law.Holds(plan.IsConstructed == plan.Tdmrs.Count > 0, "a plan has TDMRs, or a failure");
        if (plan.IsConstructed && plan.Tdmrs.All(static tdmr =>
            tdmr.ReservedAreas.Count <= TdmrInfoEntry.MaxReservedAreas))
        {
            TdmrSet read = PlanDocument.Parse(document, Law.File);
            Law.Holds(read.Name == plan.Host.Name && read.Module == plan.Module, "name and module are read back");
            Law.Holds(
                read.Tdmrs.SequenceEqual(plan.Tdmrs.Select(static tdmr => TdmrInfoEntry.FromTdmr(tdmr))),
                    "TDMRs are read back");
            Law.Holds(read.Cmrs.SequenceEqual(plan.Host.Memory.Cmrs.Select(CmrInfo.FromRange)), "CMRs are read back");
            Law.Holds(plan.Verdict.Answer == ModuleAnswer.CmrsUnknown || read.Check() == plan.Verdict,
                "the module says the same of what is read back");
        }

        if (!chance.OneIn(20))
            return;
        Page page = new();
        PlanText.Append(page, plan);
        PlanDetails.AppendOutcome(page, plan);
        IsPrintable(page);
    }

    private static void IsPrintable(Page page)
    {
        using StringWriter text = new();
        page.WritePlainText(text);
        Law.IsPrintable(text.ToString().Replace("\n", "", StringComparison.Ordinal), "texts");
    }

    private static void Compare(HostDescription host, Chance chance)
    {
        HostComparison comparison = HostComparison.Create(host, withHeadroom: chance.OneIn(2));
        Law.WritesJson(buffer => ComparisonDocument.Write(comparison, buffer));
        Page page = new();
        CompareText.Append(page, comparison);
        IsPrintable(page);
        LayoutExplanation.Create(host.Memory, chance.Of<KernelModel>([.. KernelModel.All]), host.Module);
        PlanStrategies strategies = chance.Of<PlanStrategies>([.. PlanStrategyNames.Each]);
        Law.WritesJson(buffer => PlanDocument.Write(HostPlan.Create(host, strategies: strategies), buffer));
    }
}
