using TdxPamt.Hosts;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>What <c>--verbose</c> adds to a plan, and what <c>--quiet</c> leaves of it.</summary>
internal static class PlanDetails
{
    /// <summary>Adds the outcome in one line.</summary>
    internal static void AppendOutcome(Page page, HostPlan plan)
    {
        string name = plan.Host.Name;
        if (plan.Host.IsIncomplete)
            page.Add($"{name}: incomplete: {plan.Host.Reported}", Outcome.Warning);
        else if (plan.LacksCmrs)
            page.Add($"{name}: not known: {plan.UnknownBecause}", Outcome.Warning);
        else if (plan.Failure is { } failure)
            FailureText.AppendOutcome(page, name, failure);
        else if (!plan.Works)
            VerdictText.Append(page, name, plan.Verdict);
        else
            page.Add(
                $"{name}: constructed, {Quantities.Count(plan.Tdmrs.Count, "TDMR")}, "
                    + $"{Quantities.Size(plan.PamtKiB * 1024)} of PAMTs",
                Outcome.Good);
    }

    /// <summary>Adds what the kernel would log, the PAMTs of each page size, and all reserved areas.</summary>
    internal static void Append(Page page, HostPlan plan, IReadOnlyList<string> kernelLog)
    {
        if (kernelLog.Count > 0)
        {
            page.Add();
            page.Add("the kernel logs:");
        }

        foreach (string line in kernelLog)
            page.Add($"  {line}");
        if (!plan.IsConstructed)
            return;
        page.Add();
        page.Add(Pamts(plan.Tdmrs));
        page.Add();
        page.Add(Areas(plan.Tdmrs));
    }

    private static PageTable Pamts(ValueList<TdmrInfo> tdmrs)
    {
        PageTable table = new("TDMR", "PAMT", "range", "size");
        for (int i = 0; i < tdmrs.Count; i++)
        {
            foreach ((string pageSize, Pamt pamt) in
                (ReadOnlySpan<(string, Pamt)>)
                [("4K", tdmrs[i].Pamt4K), ("2M", tdmrs[i].Pamt2M), ("1G", tdmrs[i].Pamt1G)])
            {
                table.Add(Invariant($"{i}"), pageSize, Range(pamt.Base, pamt.Size), Quantities.Size(pamt.Size));
            }
        }

        return table;
    }

    private static PageTable Areas(ValueList<TdmrInfo> tdmrs)
    {
        PageTable table = new("TDMR", "area", "range", "size", "source");
        for (int i = 0; i < tdmrs.Count; i++)
        {
            for (int j = 0; j < tdmrs[i].ReservedAreas.Count; j++)
            {
                ReservedArea area = tdmrs[i].ReservedAreas[j];
                table.Add(
                    Invariant($"{i}"),
                    Invariant($"{j}"),
                    Range(tdmrs[i].Base + area.Offset, area.Size),
                    Quantities.Size(area.Size),
                    area.Source == ReservedAreaSource.Hole ? "hole in memory" : "PAMTs");
            }
        }

        return table;
    }

    private static string Range(ulong start, ulong size) => AddressRange.Create(start, start + size).ToString();
}
