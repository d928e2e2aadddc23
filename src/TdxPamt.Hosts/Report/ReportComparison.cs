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

    private static TableCell[] Row(PlanComparison comparison, PlanCandidate candidate, int index)
    {
        TableCell outcome = comparison.Recommended == index ? new TableCell("accepted: recommended", Class: "good")
            : candidate.IsAcceptable ? "accepted"
            : candidate.IsOpen ? $"open: {candidate.Problem}"
            : new TableCell($"{(candidate.Plan is null ? "fails" : "rejected")}: {candidate.Problem}", Class: "bad");
        TableCell[] costs = candidate.Plan is { } plan
            ?
            [
                TableCell.Number(plan.PamtKiB),
                TableCell.Number(plan.Tdmrs.Count),
                TableCell.Number(plan.MaxReservedAreasUsed),
                TableCell.Bytes(plan.ExcludedBytes),
            ]
            : [TableCell.NoNumber, TableCell.NoNumber, TableCell.NoNumber, TableCell.NoNumber];
        return
        [
            TableCell.Number(index),
            TableCell.Name(candidate.Kernel.Name),
            TableCell.Name(candidate.Strategies.Name()),
            outcome,
            .. costs,
        ];
    }
}
