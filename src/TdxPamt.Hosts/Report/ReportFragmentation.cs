using TdxPamt.Hosts.Drawing;

namespace TdxPamt.Hosts.Report;

/// <summary>Whether the PAMTs still find room once memory is in use.</summary>
internal static class ReportFragmentation
{
    internal static void Write(HtmlWriter html, SimulationReport simulation)
    {
        foreach (string warning in simulation.Warnings)
            html.Element("p", $"Warning: {warning}.", ("class", "warning"));
        if (simulation.Failure is { } failure)
        {
            html.Element("p", $"There is nothing to simulate: {failure.Message}.", ("class", "warning"));
            return;
        }

        html.Element(
            "p",
            "PAMTs need long runs of contiguous pages, and one page that cannot move spoils its whole 2 MiB page "
            + $"block. Kernel {simulation.Kernel}, {Quantities.Count(simulation.Trials, "trial")} a point, seed "
            + $"{simulation.Seed}; bands and intervals are 95 % Wilson intervals.");
        html.Start("div", ("class", "chart"));
        SimulationChart.WriteElement(simulation, html.Xml);
        html.End();
        html.Table(
            "Share of trials in which all PAMTs find room",
            [
                "Unmovable page blocks", "Pages chosen by", "Success", "95 % from", "95 % to",
                "PAMT pages outside their node", "Largest run of free pages",
            ],
            simulation.Points.OrderBy(static point => point.Unmovable).Select(Row),
            sortable: true);
    }

    private static TableCell[] Row(SimulationPoint point) =>
    [
        TableCell.Percent(point.Unmovable),
        TableCell.Name(point.Allocator.Name),
        TableCell.Percent(point.Result.Success.Value),
        TableCell.Percent(point.Result.Success.Low),
        TableCell.Percent(point.Result.Success.High),
        point.Result.Success.Value == 0 ? TableCell.NoNumber : TableCell.Percent(point.Result.OffNodeShare),
        TableCell.Bytes(point.Result.LargestRuns.MinBytes),
    ];
}
