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
        foreach (PlanCandidate[] alike in Alike(comparison.Plans.Candidates))
            table.Add(Row(alike, comparison));
        page.Add(table);
        AppendHeadroom(page, comparison);
        ActionsText.Append(page, comparison.FindActions());
        page.Add();
        page.Add(comparison.Plans.Sentence);
    }

    /// <summary>Adds the comparison in one line.</summary>
    internal static void AppendSentence(Page page, HostComparison comparison) =>
        page.Add($"{comparison.Host.Name}: {comparison.Plans.Sentence}");

    /// <summary>Kernels that follow one another and have the same outcome share a row.</summary>
    private static List<PlanCandidate[]> Alike(ValueList<PlanCandidate> candidates)
    {
        List<PlanCandidate[]> rows = [];
        foreach (PlanCandidate candidate in candidates)
        {
            if (rows.Count > 0 && ResultOf(rows[^1][0]).Equals(ResultOf(candidate)))
                rows[^1] = [.. rows[^1], candidate];
            else
                rows.Add([candidate]);
        }

        return rows;

        static object ResultOf(PlanCandidate candidate) => (
            candidate.Strategies,
            candidate.Problem,
            candidate.Plan?.PamtPages,
            candidate.Plan?.Tdmrs.Count,
            candidate.Plan?.MaxReservedAreasUsed,
            candidate.Plan?.ExcludedBytes);
    }

    private static PageCell[] Row(PlanCandidate[] alike, HostComparison comparison)
    {
        PlanCandidate candidate = alike[0];
        ModuleParameters module = comparison.Module;
        PageCell[] costs = candidate.Plan is { } plan
            ?
            [
                Quantities.Size(plan.PamtKiB * 1024),
                Invariant($"{plan.Tdmrs.Count} of {module.MaxTdmrs}"),
                Invariant($"{plan.MaxReservedAreasUsed} of {module.MaxReservedAreas}"),
                plan.ExcludedBytes == 0 ? "none" : Quantities.Size(plan.ExcludedBytes),
            ]
            : ["-", "-", "-", "-"];
        (HostAnswer answer, string word, string? reason) = CandidateOutcome.Of(comparison.Plans, candidate);
        PageCell outcome = PageCell.Create(word, ColourOf(answer), reason);
        string kernels = string.Join(", ", alike.Select(static candidate => candidate.Kernel));
        return [kernels, candidate.Strategies.Name(), .. costs, outcome];
    }

    private static Outcome ColourOf(HostAnswer answer) => answer switch
    {
        HostAnswer.Yes => Outcome.Good,
        HostAnswer.No => Outcome.Bad,
        _ => Outcome.Warning,
    };

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
            string room = row.Left < 0 ? Invariant($"{-row.Left} too many")
                : Invariant($"{row.Left} more {unit}{(row.Left == 1 || unit == "GiB" ? "" : "s")}");
            table.Add(row.Kernel.Name, limit, Invariant($"{row.Used} of {row.Allowed}"), room, where);
        }

        page.Add();
        page.Add(table);
    }
}
