using TdxPamt.Planning;

namespace TdxPamt.Hosts.Report;

/// <summary>Every kernel and every strategy on the machine.</summary>
internal static class ReportComparison
{
    internal static void Write(HtmlWriter html, PlanComparison comparison)
    {
        html.Table(
            "Every kernel, every strategy alone and the planner's best: the cheapest that the module accepts first",
            [
                "#", "Kernel", "Strategy", "Outcome", "PAMTs, KiB", "TDMRs", "Most reserved areas", "RAM excluded",
            ],
            comparison.Candidates.Select((candidate, i) => Row(comparison, candidate, i)),
            sortable: true);
        html.Start("details", ("open", "open"));
        html.Element("summary", "What the strategies do");
        html.Start("dl", ("class", "terms"));
        foreach (PlanStrategyInfo strategy in PlanStrategyInfo.All)
        {
            html.Element("dt", strategy.Name);
            html.Element("dd", strategy.Summary);
        }

        html.End();
        html.End();
    }

    private static Cell[] Row(PlanComparison comparison, PlanCandidate candidate, int index)
    {
        Cell outcome = comparison.Recommended == index ? new Cell("accepted: recommended", Class: "good")
            : candidate.IsAcceptable ? "accepted"
            : new Cell($"{(candidate.Plan is null ? "fails" : "rejected")}: {candidate.Problem}", Class: "bad");
        Cell[] costs = candidate.Plan is { } plan
            ?
            [
                Cell.Number(plan.PamtKiB),
                Cell.Number(plan.Tdmrs.Count),
                Cell.Number(plan.MaxReservedAreasUsed),
                Cell.Bytes(plan.ExcludedBytes),
            ]
            : [Cell.NoNumber, Cell.NoNumber, Cell.NoNumber, Cell.NoNumber];
        return
        [
            Cell.Number(index),
            Cell.Name(candidate.Kernel.Name),
            Cell.Name(candidate.Strategies.Name()),
            outcome,
            .. costs,
        ];
    }
}
