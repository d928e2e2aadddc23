using TdxPamt.Hosts;
using TdxPamt.Planning;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>Why a plan fails or nearly does, and what would help; for reading.</summary>
internal static class ExplanationText
{
    internal static void AppendFailure(Page page, HostPlan plan, TdmrFailure failure)
    {
        FailureText.Append(page, failure);
        switch (failure.Code)
        {
            case TdmrFailureCode.ReservedAreasExhausted when plan.Strategies == PlanStrategies.None:
                AppendExhausted(page, LayoutExplanation.Create(plan.Host.Memory, plan.Kernel, plan.Module));
                break;
            case TdmrFailureCode.ReservedAreasExhausted:
                string needs = Invariant($"TDMR {failure.TdmrIndex} needs {failure.Needed} reserved areas");
                page.Add(Invariant($"{needs}, the module takes {failure.Allowed}"));
                break;
            case TdmrFailureCode.TdmrsExhausted:
                page.Add(Invariant($"the memory needs {failure.Needed} TDMRs, the module takes {failure.Allowed}"));
                break;
        }
    }

    /// <summary>Adds the areas of TDMRs that have at most <see cref="PlanActions.FewAreas"/> left.</summary>
    internal static void AppendTight(Page page, HostPlan plan)
    {
        if (plan.Strategies != PlanStrategies.None
            || !plan.Tdmrs.Any(tdmr => plan.Module.MaxReservedAreas - tdmr.ReservedAreas.Count <= PlanActions.FewAreas))
        {
            return;
        }

        foreach (TdmrUsage tdmr in LayoutExplanation.Create(plan.Host.Memory, plan.Kernel, plan.Module).Tdmrs)
        {
            if (tdmr.Left > PlanActions.FewAreas)
                continue;
            page.Add();
            page.Add(Invariant(
                $"TDMR {tdmr.Index} has {(tdmr.Left == 0 ? "no reserved area" : "1 reserved area")} left:"));
            page.Add(Areas(tdmr));
        }
    }

    private static void AppendExhausted(Page page, LayoutExplanation explanation)
    {
        foreach (TdmrUsage tdmr in explanation.Tdmrs.Where(static tdmr => tdmr.Left < 0))
        {
            page.Add();
            page.Add(Invariant(
                $"TDMR {tdmr.Index} needs {tdmr.Areas.Count} reserved areas, the module takes {tdmr.Allowed}:"));
            page.Add(Areas(tdmr));
            if (tdmr.HolesToRemove.Count > 0)
            {
                string holes = tdmr.HolesToRemove.Count == 1 ? "hole" : "holes";
                page.Add($"it would fit without the {holes} {tdmr.HolesToRemove}");
            }
        }

        page.Add();
        page.Add(Tdmrs(explanation));
    }

    private static PageTable Tdmrs(LayoutExplanation explanation) => PageTable.OfMany(
        explanation.Tdmrs,
        static (tdmr, _) =>
        [
            Invariant($"{tdmr.Index}"),
            tdmr.Range.ToString(),
            Quantities.Size(tdmr.Range.Size),
            Invariant($"{tdmr.Holes}"),
            Invariant($"{tdmr.Pamts}"),
            Invariant($"{tdmr.Areas.Count} of {tdmr.Allowed}"),
            tdmr.Left < 0 ? Invariant($"{-tdmr.Left} too many") : Invariant($"{tdmr.Left}"),
        ],
        "TDMR", "range", "size", "holes", "PAMTs", "reserved areas", "left");

    private static PageTable Areas(TdmrUsage tdmr) => PageTable.OfMany(
        tdmr.Areas,
        static (area, index) =>
        [
            Invariant($"{index}"),
            area.Range.ToString(),
            Quantities.Size(area.Range.Size),
            area.PamtsOf is { } owner ? Invariant($"PAMTs of TDMR {owner}") : "hole in memory",
        ],
        "area", "range", "size", "used by");
}
