using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Planning;

namespace TdxPamt.Cli;

/// <summary>Why a plan fails or nearly does, and what would help; for reading.</summary>
internal static class ExplanationText
{
    /// <summary>How many reserved areas are few to have left: the next hole or PAMT may be one too many.</summary>
    private const int FewAreas = 1;

    internal static void AppendFailure(StringBuilder text, HostPlan plan, TdmrFailure failure)
    {
        text.Append($"initialization failed: {failure.Message} ({failure.Errno})\n");
        switch (failure.Code)
        {
            case TdmrFailureCode.ReservedAreasExhausted when plan.Strategies == PlanStrategies.None:
                AppendExhausted(text, LayoutExplanation.Create(plan.Host.Memory, plan.Kernel, plan.Module));
                break;
            case TdmrFailureCode.ReservedAreasExhausted:
                string needs = $"TDMR {failure.TdmrIndex} needs {failure.Needed} reserved areas";
                text.Append($"{needs}, the module takes {failure.Allowed}\n");
                break;
            case TdmrFailureCode.TdmrsExhausted:
                text.Append(Invariant(
                    $"the memory needs {failure.Needed} TDMRs, the module takes {failure.Allowed}\n"));
                break;
        }
    }

    /// <summary>The areas of TDMRs that have few of them left.</summary>
    internal static void AppendTight(StringBuilder text, HostPlan plan)
    {
        if (plan.Strategies != PlanStrategies.None
            || !plan.Tdmrs.Any(tdmr => plan.Module.MaxReservedAreas - tdmr.ReservedAreas.Count <= FewAreas))
        {
            return;
        }

        foreach (TdmrUsage tdmr in LayoutExplanation.Create(plan.Host.Memory, plan.Kernel, plan.Module).Tdmrs)
        {
            if (tdmr.Left > FewAreas)
                continue;
            text.Append(Invariant(
                $"\nTDMR {tdmr.Index} has {(tdmr.Left == 0 ? "no reserved area" : "1 reserved area")} left:\n"));
            AppendAreas(text, tdmr);
        }
    }

    private static void AppendExhausted(StringBuilder text, LayoutExplanation explanation)
    {
        foreach (TdmrUsage tdmr in explanation.Tdmrs.Where(static tdmr => tdmr.Left < 0))
        {
            text.Append(Invariant(
                $"\nTDMR {tdmr.Index} needs {tdmr.Areas.Count} reserved areas, the module takes {tdmr.Allowed}:\n"));
            AppendAreas(text, tdmr);
            if (tdmr.HolesToRemove.Count > 0)
            {
                string holes = tdmr.HolesToRemove.Count == 1 ? "hole" : "holes";
                text.Append($"it would fit without the {holes} {tdmr.HolesToRemove}\n");
            }

            if (tdmr.RamToExclude.Count > 0)
                text.Append($"or with this RAM made part of the holes around it: {tdmr.RamToExclude}\n");
        }

        List<string[]> rows = [["TDMR", "range", "size", "holes", "PAMTs", "reserved areas", "left"]];
        foreach (TdmrUsage tdmr in explanation.Tdmrs)
        {
            rows.Add(
            [
                Invariant($"{tdmr.Index}"),
                tdmr.Range.ToString(),
                PlanText.Size(tdmr.Range.Size),
                Invariant($"{tdmr.Holes}"),
                Invariant($"{tdmr.Pamts}"),
                Invariant($"{tdmr.Areas.Count} of {tdmr.Allowed}"),
                tdmr.Left < 0 ? Invariant($"{-tdmr.Left} too many") : Invariant($"{tdmr.Left}"),
            ]);
        }

        text.Append('\n');
        Page.AppendTable(text, rows);
    }

    private static void AppendAreas(StringBuilder text, TdmrUsage tdmr)
    {
        List<string[]> rows = [["area", "range", "size", "used by"]];
        foreach (AreaUse area in tdmr.Areas)
        {
            rows.Add(
            [
                Invariant($"{rows.Count - 1}"),
                area.Range.ToString(),
                PlanText.Size(area.Range.Size),
                Invariant($"{(area.PamtsOf is { } owner ? $"PAMTs of TDMR {owner}" : "hole in memory")}"),
            ]);
        }

        Page.AppendTable(text, rows);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
