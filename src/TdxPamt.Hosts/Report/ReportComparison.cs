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
                "#", "Kernel", "Strategy", "Outcome", "PAMTs", "TDMRs", "Most reserved areas", "RAM excluded",
            ],
            comparison.Candidates.Select((candidate, i) => Row(comparison, candidate, i)),
            sortable: true);
        html.Start("details", ("open", "open"));
        html.Element("summary", "What the strategies do");
        html.Terms(PlanStrategyInfo.All.Select(static strategy => (strategy.Name, strategy.Summary)));
        html.End();
    }

    private static TableCell[] Row(PlanComparison comparison, PlanCandidate candidate, int index)
    {
        (HostAnswer answer, string word, string? reason) = CandidateOutcome.Of(comparison, candidate);
        string text = $"{word}{(reason is null ? "" : $": {reason}")}"
            + (comparison.Recommended == index ? "; recommended" : "");
        TableCell outcome = answer == HostAnswer.No ? new TableCell(text, Class: "bad")
            : comparison.Recommended == index ? new TableCell(text, Class: "good")
            : new TableCell(text);
        TableCell[] costs = candidate.Plan is { } plan
            ?
            [
                TableCell.Bytes(plan.PamtKiB * 1024),
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
