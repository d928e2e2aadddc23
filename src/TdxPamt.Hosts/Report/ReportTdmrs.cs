using TdxPamt.Allocation;
using TdxPamt.Memory;
using TdxPamt.Planning;
using TdxPamt.Tdmr;

namespace TdxPamt.Hosts.Report;

/// <summary>The table of TDMRs, and how much more the machine takes.</summary>
internal static class ReportTdmrs
{
    internal static void Write(HtmlWriter html, HostPlan plan, LayoutExplanation layout)
    {
        if (layout.Tdmrs.Count == 0)
        {
            html.Element("p", "There are no TDMRs: the machine has no RAM at or above 1 MiB.");
            return;
        }

        html.Table(
            plan.Construction is null
                ? "The TDMRs that the kernel would need; it gives up before it has them all"
                : "The TDMRs in the order in which the module gets them",
            [
                "TDMR", "Range", "Size", "Node", "PAMTs", "PAMT size", "Areas used", "For holes", "For PAMTs",
            ],
            layout.Tdmrs.Select(usage => Row(plan, layout, usage)),
            sortable: true);
        html.Table(
            "How much more the machine takes until this kernel's way stops working",
            ["Of what", "Where", "Used", "Allowed", "Left"],
            LayoutHeadroom.Of(plan.Host.Memory, plan.Kernel, plan.Module).Select(Row));
    }

    private static Cell[] Row(HostPlan plan, LayoutExplanation layout, TdmrUsage usage)
    {
        FirstBlockNodeLookup.Instance.TryGetNode(plan.Host.Memory, usage.Range, out int node);
        return
        [
            Cell.Number(usage.Index),
            Cell.Of(usage.Range),
            Cell.Bytes(usage.Range.Size),
            plan.Host.NodesKnown ? Cell.Number(node) : new("not known", node, "name"),
            Pamts(plan, layout, usage.Index) is { } pamts ? Cell.Of(pamts) : Cell.None,
            Cell.Bytes(PamtSizes.Calculate(usage.Range.Size, plan.Module).TotalBytes),
            new(
                $"{usage.Areas.Count} of {usage.Allowed}",
                usage.Areas.Count,
                usage.Left < 0 ? "number bad" : "number",
                ReportAreas.IdOf(usage)),
            Cell.Number(usage.Holes),
            Cell.Number(usage.Pamts),
        ];
    }

    /// <summary>Where the PAMTs of a TDMR lie; of a plan that failed, where that took a reserved area.</summary>
    private static AddressRange? Pamts(HostPlan plan, LayoutExplanation layout, int tdmr)
    {
        if (plan.Construction is { } construction)
            return construction.Tdmrs[tdmr].PamtChunk;
        foreach (TdmrUsage usage in layout.Tdmrs)
        {
            foreach (AreaUse area in usage.Areas)
            {
                if (area.PamtsOf == tdmr)
                    return area.Whole;
            }
        }

        return null;
    }

    private static Cell[] Row(HeadroomRow row) =>
    [
        row.Resource switch
        {
            HeadroomResource.Holes => "Holes in the TDMR with fewest areas left",
            HeadroomResource.Nodes => "Nodes with memory of their own: TDMRs",
            _ => "GiB at the end of memory",
        },
        row.Tdmr is { } tdmr ? Cell.Of(tdmr) : Cell.None,
        Cell.Number(row.Used),
        Cell.Number(row.Allowed),
        Cell.Number(row.Left),
    ];
}
