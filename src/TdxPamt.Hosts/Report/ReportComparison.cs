using TdxPamt.Planning;

namespace TdxPamt.Hosts.Report;

/// <summary>Every kernel and every strategy on the machine.</summary>
internal static class ReportComparison
{
    private static readonly (PlanStrategies Strategy, string Meaning)[] Meanings =
    [
        (PlanStrategies.None, "the kernel's own way"),
        (PlanStrategies.HolesFromCmrs, "take holes from the CMRs, which are coarser than the memory map"),
        (PlanStrategies.MergeAreas, "one reserved area for holes and PAMTs that touch or have no RAM between them"),
        (PlanStrategies.SplitTdmrs, "split TDMRs at 1 GiB boundaries where areas run out or PAMTs find no room"),
        (PlanStrategies.JoinTdmrs, "join neighbouring TDMRs, gaps included, where TDMRs run out"),
        (PlanStrategies.ThreeChunks, "three chunks of pages for the three PAMTs of a TDMR instead of one"),
        (PlanStrategies.AdjacentPamts, "put PAMTs where they touch a hole or another PAMT, or where areas are left"),
        (PlanStrategies.NodePamts, "one run of pages, and one reserved area, for all PAMTs of a node"),
        (PlanStrategies.ExcludeRam, "exclude the cheapest RAM from TDX; Linux must keep it from its allocator"),
    ];

    internal static void Write(HtmlWriter html, PlanComparison comparison)
    {
        html.Table(
            "Every kernel, every strategy alone and the planner's best: the cheapest that the module accepts first",
            [
                "#", "Kernel", "Strategy", "Outcome", "PAMTs, KiB", "TDMRs", "Most reserved areas", "RAM given up",
            ],
            comparison.Candidates.Select((candidate, i) => Row(comparison, candidate, i)),
            sortable: true);
        html.Start("details", ("open", "open"));
        html.Element("summary", "What the strategies do");
        html.Start("dl", ("class", "terms"));
        foreach ((PlanStrategies strategy, string meaning) in Meanings)
        {
            html.Element("dt", strategy.Name());
            html.Element("dd", meaning);
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
                Cell.Number(plan.MostReservedAreas),
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
