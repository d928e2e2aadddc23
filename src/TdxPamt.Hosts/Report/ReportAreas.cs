using TdxPamt.Memory;
using TdxPamt.Planning;
using TdxPamt.Tdmr;

namespace TdxPamt.Hosts.Report;

/// <summary>The reserved areas of each TDMR, what causes them, and what would make them fewer.</summary>
internal static class ReportAreas
{
    private static readonly string[] Heads = ["Area", "Range", "Size", "Offset in TDMR", "Caused by"];

    /// <summary>The part of the page that tells of a TDMR's areas.</summary>
    internal static string IdOf(TdmrUsage tdmr) => $"areas-{tdmr.Index}";

    internal static void Write(HtmlWriter html, HostPlan plan, LayoutExplanation layout)
    {
        html.Element(
            "p",
            $"The module must not use what a TDMR covers without there being memory, nor where PAMTs lie. It takes "
            + $"{ReportText.Count(plan.Module.MaxReservedAreas, "reserved area")} for each TDMR; kernel {plan.Kernel} "
            + $"takes holes from {(plan.Kernel.TakesHolesFromCmrs ? "the CMRs" : "the memory map")}.");
        foreach (TdmrUsage tdmr in layout.Tdmrs)
        {
            html.Start("details", ("id", IdOf(tdmr)), ("open", "open"));
            html.Element("summary", Heading(tdmr));
            if (tdmr.Left < 0)
                html.Element("p", $"{tdmr}.", ("class", "warning"));
            if (tdmr.Areas.Count > 0)
            {
                html.Table(
                    $"Reserved areas of TDMR {tdmr.Index}",
                    Heads,
                    tdmr.Areas.Select((area, i) => Row(plan, tdmr, area, i)));
            }

            html.End();
        }
    }

    private static string Heading(TdmrUsage tdmr) =>
        $"TDMR {tdmr.Index} {tdmr.Range}: {ReportText.Count(tdmr.Areas.Count, "reserved area")} of {tdmr.Allowed}"
        + (tdmr.Left < 0 ? $", {-tdmr.Left} too many" : "");

    private static Cell[] Row(HostPlan plan, TdmrUsage tdmr, AreaUse area, int index)
    {
        bool isWhole = area.Whole == area.Range || area.Whole.End == AddressRange.Limit;
        string whole = isWhole ? "" : $", part of {area.Whole}";
        string remedy = tdmr.HolesToRemove.Contains(area.Whole) ? "; without it the TDMR would fit" : "";
        return
        [
            Cell.Number(index),
            Cell.Of(area.Range),
            Cell.Bytes(area.Range.Size),
            Cell.Address(area.Range.Start - tdmr.Range.Start),
            new($"{Cause(plan.Kernel, area)}{whole}{remedy}", Class: area.PamtsOf is null ? "hole" : "pamt"),
        ];
    }

    private static string Cause(KernelModel kernel, AreaUse area)
    {
        if (area.PamtsOf is { } tdmr)
            return $"PAMTs of TDMR {tdmr}";
        string memory = kernel.TakesHolesFromCmrs ? "the CMRs" : "memory";
        return area.Whole switch
        {
            { Start: 0, End: HostMemory.TdxMemoryStart } => "first 1 MiB, which is no TDX memory",
            { Start: 0 } => $"hole before {memory}",
            { End: AddressRange.Limit } => $"end of {memory}",
            _ => $"hole in {memory}",
        };
    }
}
