using System.Globalization;
using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>What <c>--verbose</c> adds to a plan, and what <c>--quiet</c> leaves of it.</summary>
internal static class PlanDetails
{
    /// <summary>The outcome in one line.</summary>
    internal static void AppendOutcome(StringBuilder text, HostPlan plan)
    {
        string name = Printable.Of(plan.Host.Name);
        if (plan.Failure is { } failure)
            text.Append($"{name}: failed, {failure.Message} ({failure.Errno})\n");
        else if (plan.Verdict is { IsRejected: true } verdict)
            text.Append($"{name}: {PlanText.Describe(verdict)}\n");
        else
            text.Append($"{name}: constructed, {plan.Tdmrs.Count} TDMRs, {plan.PamtKiB} KiB of PAMTs\n");
    }

    /// <summary>What the kernel would log, the PAMTs of each page size, and all reserved areas.</summary>
    internal static void Append(StringBuilder text, HostPlan plan, KernelLog log)
    {
        if (log.Lines.Count > 0)
            text.Append("\nthe kernel logs:\n");
        foreach (string line in log.Lines)
            text.Append($"  {line}\n");
        if (!plan.IsConstructed)
            return;
        List<string[]> pamts = [["TDMR", "PAMT", "range", "size"]];
        List<string[]> areas = [["TDMR", "area", "range", "size", "source"]];
        for (int i = 0; i < plan.Tdmrs.Count; i++)
        {
            TdmrInfo tdmr = plan.Tdmrs[i];
            string index = i.ToString(CultureInfo.InvariantCulture);
            foreach ((string pageSize, Pamt pamt) in
                (ReadOnlySpan<(string, Pamt)>)[("4K", tdmr.Pamt4K), ("2M", tdmr.Pamt2M), ("1G", tdmr.Pamt1G)])
            {
                pamts.Add([index, pageSize, Range(pamt.Base, pamt.Size), PlanText.Size(pamt.Size)]);
            }

            for (int j = 0; j < tdmr.ReservedAreas.Count; j++)
            {
                ReservedArea area = tdmr.ReservedAreas[j];
                areas.Add(
                [
                    index,
                    j.ToString(CultureInfo.InvariantCulture),
                    Range(tdmr.Base + area.Offset, area.Size),
                    PlanText.Size(area.Size),
                    area.Source == ReservedAreaSource.Hole ? "hole in memory" : "PAMTs",
                ]);
            }
        }

        text.Append('\n');
        Page.AppendTable(text, pamts);
        text.Append('\n');
        Page.AppendTable(text, areas);
    }

    private static string Range(ulong start, ulong size) => AddressRange.Create(start, start + size).ToString();
}
