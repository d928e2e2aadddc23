namespace TdxPamt.Hosts.Report;

/// <summary>The reserved areas of each TDMR, what causes them, and what would make them fewer.</summary>
internal static class ReportAreas
{
    private static readonly string[] Heads = ["Area", "Range", "Size", "Offset in TDMR", "Caused by"];

    /// <summary>Where there are more TDMRs than this, only those that fail are open.</summary>
    private const int MaxOpen = 8;

    internal static void Write(HtmlWriter html, HostPlan plan, IReadOnlyList<ReportTdmr> tdmrs)
    {
        html.Element(
            "p",
            "The module must not use what a TDMR covers without there being memory, nor where PAMTs lie. It takes "
            + $"{Quantities.Count(plan.Module.MaxReservedAreas, "reserved area")} for each TDMR.");
        foreach (ReportTdmr tdmr in tdmrs.OrderBy(static tdmr => tdmr.Advice is null ? 1 : 0))
        {
            if (tdmr.Advice is not null || tdmrs.Count <= MaxOpen)
                html.Start("details", ("id", tdmr.AreasId), ("open", "open"));
            else
                html.Start("details", ("id", tdmr.AreasId));
            html.Element("summary", Heading(tdmr, plan.Module.MaxReservedAreas));
            if (tdmr.Advice is { } advice)
                html.Element("p", advice, ("class", "warning"));
            if (plan.IsConstructed)
                html.Element("p", Pamts(plan.Tdmrs[tdmr.Index]));
            if (tdmr.Areas.Count > 0)
            {
                html.Table(
                    $"Reserved areas of TDMR {tdmr.Index}", Heads, tdmr.Areas.Select((area, i) => Row(tdmr, area, i)));
            }

            html.End();
        }
    }

    private static string Pamts(TdmrInfo tdmr) =>
        $"Its own PAMTs: 4K {tdmr.Pamt4K}, 2M {tdmr.Pamt2M}, 1G {tdmr.Pamt1G}";

    private static string Heading(ReportTdmr tdmr, int allowed) =>
        $"TDMR {tdmr.Index} {tdmr.Range}: {Quantities.Count(tdmr.Areas.Count, "reserved area")} of {allowed}"
        + (tdmr.Areas.Count > allowed ? $", {tdmr.Areas.Count - allowed} too many" : "");

    private static TableCell[] Row(ReportTdmr tdmr, ReportArea area, int index) =>
    [
        TableCell.Number(index),
        TableCell.Of(area.Range),
        TableCell.Bytes(area.Range.Size),
        TableCell.Address(area.Range.Start - tdmr.Range.Start),
        area.Cause,
    ];
}
