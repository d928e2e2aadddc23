using System.Globalization;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Planning;

namespace TdxPamt.Cli;

/// <summary>A comparison for reading; its last line is a sentence for a report.</summary>
internal static class CompareText
{
    internal static void Append(StringBuilder text, HostComparison comparison)
    {
        PlanText.AppendHost(text, comparison.Host, "every kernel");
        List<string[]> rows =
        [
            ["kernel", "strategy", "PAMT size", "TDMRs", "most reserved areas", "RAM excluded", "outcome"],
        ];
        rows.AddRange(comparison.Plans.Candidates.Select(candidate => Row(candidate, comparison)));
        Page.AppendTable(text, rows);
        AppendHeadroom(text, comparison);
        text.Append(CultureInfo.InvariantCulture, $"\n{comparison.Plans.Sentence}\n");
    }

    private static string[] Row(PlanCandidate candidate, HostComparison comparison)
    {
        string[] costs = candidate.Plan is { } plan
            ?
            [
                Invariant($"{plan.PamtKiB} KiB"),
                Invariant($"{plan.Tdmrs.Count} of {comparison.Module.MaxTdmrs}"),
                Invariant($"{plan.MaxReservedAreasUsed} of {comparison.Module.MaxReservedAreas}"),
                plan.ExcludedBytes == 0 ? "none" : PlanText.Size(plan.ExcludedBytes),
            ]
            : ["-", "-", "-", "-"];
        string outcome = candidate.Problem is { } problem
            ? $"{(candidate.Plan is null ? "fails" : "rejected")}: {problem}"
            : "accepted";
        return [candidate.Kernel.Name, candidate.Strategies.Name(), .. costs, outcome];
    }

    private static void AppendHeadroom(StringBuilder text, HostComparison comparison)
    {
        if (comparison.Headroom.Count == 0)
            return;
        List<string[]> rows = [["kernel", "limit", "used", "room for", "where"]];
        foreach (HeadroomRow row in comparison.Headroom)
        {
            (string limit, string what, string where) = row.Resource switch
            {
                HeadroomResource.Holes => ("reserved areas", "hole", $"TDMR {row.Tdmr}"),
                HeadroomResource.Nodes => ("TDMRs", "node", "all TDMRs"),
                _ => ("GiB in TDMRs", "GiB", $"the last TDMR, {row.Tdmr}"),
            };
            string room = row.Left < 0
                ? Invariant($"{-row.Left} too many")
                : Invariant($"{row.Left} more {what}{(row.Left == 1 || what == "GiB" ? "" : "s")}");
            rows.Add([row.Kernel.Name, limit, Invariant($"{row.Used} of {row.Allowed}"), room, where]);
        }

        text.Append('\n');
        Page.AppendTable(text, rows);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
