using TdxPamt.Planning;

namespace TdxPamt.Hosts.Report;

/// <summary>The table of TDMRs, and how much more the machine takes.</summary>
internal static class ReportTdmrs
{
    internal static void Write(HtmlWriter html, HostPlan plan, IReadOnlyList<ReportTdmr> tdmrs)
    {
        if (tdmrs.Count == 0)
        {
            html.Element("p", "There are no TDMRs: the machine has no RAM at or above 1 MiB.");
            return;
        }

        html.Table(
            plan.IsConstructed
                ? "The TDMRs in the order in which the module gets them"
                : $"The TDMRs that kernel {plan.Kernel} would need; it fails before it has them all",
            [
                "TDMR", "Range", "Size", "Node", "PAMTs", "PAMT size", "Areas used", "For holes", "For PAMTs alone",
            ],
            tdmrs.Select(tdmr => Row(plan, tdmr)),
            sortable: true);
        ValueList<HeadroomRow> headroom = LayoutHeadroom.Create(plan.Host.Memory, plan.Kernel, plan.Module);
        if (headroom.Count == 0)
            return;
        html.Table(
            headroom[0].Left < 0
                ? $"What kernel {plan.Kernel}, without strategies, finds too much of"
                : $"How much more the machine takes until kernel {plan.Kernel} fails on it, without strategies",
            ["Resource", "Where", "Used", "Allowed", "Left"],
            headroom.Select(Row));
    }

    private static TableCell[] Row(HostPlan plan, ReportTdmr tdmr) =>
    [
        TableCell.Number(tdmr.Index),
        TableCell.Of(tdmr.Range),
        TableCell.Bytes(tdmr.Range.Size),
        TableCell.Node(tdmr.Node, plan.Host.NodesKnown),
        tdmr.Pamts.Count > 0
            ? new(string.Join(", ", tdmr.Pamts), tdmr.Pamts[0].Start, tdmr.Pamts.Count > 1 ? "range many" : "range")
            : new("–", Class: "range"),
        TableCell.Bytes(PamtSizes.Calculate(tdmr.Range.Size, plan.Module).TotalBytes),
        new(
            $"{tdmr.Areas.Count} of {plan.Module.MaxReservedAreas}",
            tdmr.Areas.Count,
            tdmr.Advice is null ? "number" : "number bad",
            tdmr.AreasId),
        TableCell.Number(tdmr.Holes),
        TableCell.Number(tdmr.Areas.Count - tdmr.Holes),
    ];

    private static TableCell[] Row(HeadroomRow row) =>
    [
        row.Resource switch
        {
            HeadroomResource.Holes => "Holes in the TDMR with fewest areas left",
            HeadroomResource.Nodes => "Nodes with memory of their own: TDMRs",
            _ => "GiB at the end of memory",
        },
        row.Tdmr is { } tdmr ? TableCell.Of(tdmr) : TableCell.None,
        TableCell.Number(row.Used),
        TableCell.Number(row.Allowed),
        TableCell.Number(row.Left),
    ];
}
