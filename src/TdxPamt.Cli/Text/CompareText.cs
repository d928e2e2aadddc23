using TdxPamt.Hosts;
using TdxPamt.Planning;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>A comparison for reading; its last line is a sentence for a report.</summary>
internal static class CompareText
{
    internal static void Append(Page page, HostComparison comparison)
    {
        PlanText.AppendHost(page, comparison.Host, "every kernel", comparison.Warnings);
        PageTable table = new(
            "kernel", "strategy", "PAMT size", "TDMRs", "most reserved areas", "RAM excluded", "outcome");
        foreach (PlanCandidate candidate in comparison.Plans.Candidates)
            table.Add(Row(candidate, comparison.Module));
        page.Add(table);
        AppendHeadroom(page, comparison);
        page.Add();
        page.Add(Invariant($"{comparison.Plans.Sentence}"));
    }

    /// <summary>Adds the comparison in one line.</summary>
    internal static void AppendSentence(Page page, HostComparison comparison) =>
        page.Add($"{comparison.Host.Name}: {comparison.Plans.Sentence}");

    private static PageCell[] Row(PlanCandidate candidate, ModuleParameters module)
    {
        PageCell[] costs = candidate.Plan is { } plan
            ?
            [
                Invariant($"{plan.PamtKiB} KiB"),
                Invariant($"{plan.Tdmrs.Count} of {module.MaxTdmrs}"),
                Invariant($"{plan.MaxReservedAreasUsed} of {module.MaxReservedAreas}"),
                plan.ExcludedBytes == 0 ? "none" : PlanText.Size(plan.ExcludedBytes),
            ]
            : ["-", "-", "-", "-"];
        PageCell outcome = candidate.Problem is not { } problem ? PageCell.Create("accepted", Outcome.Good)
            : candidate.Verdict.IsAcceptable ? PageCell.Create("open", Outcome.Warning, problem)
            : PageCell.Create(candidate.Plan is null ? "fails" : "rejected", Outcome.Bad, problem);
        return [candidate.Kernel.Name, candidate.Strategies.Name(), .. costs, outcome];
    }

    private static void AppendHeadroom(Page page, HostComparison comparison)
    {
        if (comparison.Headroom.Count == 0)
            return;
        PageTable table = new("kernel", "limit", "used", "room for", "where");
        foreach (HeadroomRow row in comparison.Headroom)
        {
            (string limit, string unit, string where) = row.Resource switch
            {
                HeadroomResource.Holes => ("reserved areas", "hole", $"TDMR {row.Tdmr}"),
                HeadroomResource.Nodes => ("TDMRs", "node", "all TDMRs"),
                _ => ("GiB in TDMRs", "GiB", $"the last TDMR, {row.Tdmr}"),
            };
            string room = row.Left < 0
                ? Invariant($"{-row.Left} too many")
                : Invariant($"{row.Left} more {unit}{(row.Left == 1 || unit == "GiB" ? "" : "s")}");
            table.Add(row.Kernel.Name, limit, Invariant($"{row.Used} of {row.Allowed}"), room, where);
        }

        page.Add();
        page.Add(table);
    }
}
