using TdxPamt.Hosts;
using TdxPamt.Simulation;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>A simulation for reading.</summary>
internal static class SimulateText
{
    /// <summary>The whole report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="tdmrs">The TDMRs that were simulated; none where the host cannot be configured.</param>
    /// <param name="pamtPages">How many 4 KiB pages their PAMTs take.</param>
    /// <param name="runLength">The mean length of a run of unmovable page blocks, 1 or more.</param>
    internal static Page Create(
        SimulationReport report, ValueList<AddressRange> tdmrs, ulong pamtPages, double runLength)
    {
        Page page = new();
        string title = $"{report.Name}, kernel {report.Kernel}";
        if (report.Failure is { } failure)
        {
            page.Add(title);
            PlanText.AppendWarnings(page, report.Warnings);
            page.Add();
            FailureText.Append(page, failure);
            return page;
        }

        string pamts = Quantities.Size(pamtPages * AddressRange.PageBytes);
        page.Add($"{title}, {Quantities.Count(tdmrs.Count, "TDMR")}, {pamts} of PAMTs");
        PlanText.AppendWarnings(page, report.Warnings);
        string blocks = runLength == 1
            ? "unmovable page blocks independent"
            : Invariant($"unmovable page blocks in runs of {runLength} on average");
        page.Add(Invariant($"{Quantities.Count(report.Trials, "trial")} each, seed {report.Seed}, {blocks}"));
        if (!report.IsComplete)
            page.Add("interrupted: this is what was done until then");
        page.Add();
        page.Add(Points(report));
        AppendFailures(page, report, tdmrs);
        AppendThresholds(page, report);
        return page;
    }

    /// <summary>One line for each allocator and fraction.</summary>
    internal static Page CreateOutcome(SimulationReport report)
    {
        Page page = new();
        if (report.Failure is { } failure)
            FailureText.AppendOutcome(page, report.Name, failure);
        foreach ((AllocatorPolicy allocator, double unmovable, SimulationResult result) in report.Points)
        {
            string success = Quantities.Percent(result.Success.Value);
            string trials = Quantities.Count(result.Trials, "trial");
            page.Add($"{report.Name}: {allocator} at {Quantities.Fraction(unmovable)}: {success} of {trials}");
        }

        foreach ((AllocatorPolicy allocator, UnmovableThreshold found) in report.Thresholds)
            page.Add($"{report.Name}: {allocator} up to {Fraction(found)}");
        return page;
    }

    private static PageTable Points(SimulationReport report)
    {
        PageTable table = new(
            "allocator", "unmovable", "success", "95 % interval", "outside its node", "largest run of free pages");
        foreach ((AllocatorPolicy allocator, double unmovable, SimulationResult result) in report.Points)
        {
            table.Add(
                allocator.Name,
                Quantities.Fraction(unmovable),
                Quantities.Percent(result.Success.Value),
                $"{Quantities.Percent(result.Success.Low)} to {Quantities.Percent(result.Success.High)}",
                result.Success.Value == 0 ? "-" : Quantities.Percent(result.OffNodeShare),
                Quantities.Size(result.LargestRuns.MinBytes));
        }

        return table;
    }

    /// <summary>Adds how often each TDMR found no room, over all fractions.</summary>
    private static void AppendFailures(Page page, SimulationReport report, ValueList<AddressRange> tdmrs)
    {
        AllocatorPolicy[] policies = [.. report.Points.Select(static point => point.Allocator).Distinct()];
        long[][] failures = [.. policies.Select(policy => Failures(report, policy, tdmrs.Count))];
        if (failures.All(static counts => counts.All(static count => count == 0)))
            return;
        PageTable table = new(["failed first", "range", "size", .. policies.Select(static policy => policy.Name)]);
        for (int i = 0; i < tdmrs.Count; i++)
        {
            table.Add(
            [
                Invariant($"TDMR {i}"),
                tdmrs[i].ToString(),
                Quantities.Size(tdmrs[i].Size),
                .. failures.Select(counts => Invariant($"{counts[i]}")),
            ]);
        }

        page.Add();
        page.Add(table);
    }

    private static long[] Failures(SimulationReport report, AllocatorPolicy policy, int tdmrs) =>
    [
        .. Enumerable.Range(0, tdmrs).Select(tdmr => report.Points
            .Where(point => point.Allocator == policy)
            .Sum(point => (long)point.Result.FailuresByTdmr[tdmr])),
    ];

    private static void AppendThresholds(Page page, SimulationReport report)
    {
        if (report.Thresholds.Count == 0)
            return;
        decimal level = 100 * (decimal)report.Thresholds[0].Found.Level;
        page.Add();
        page.Add(Invariant($"{level:0.#########} % succeed up to this fraction of unmovable page blocks:"));
        PageTable table = new("allocator", "unmovable", "95 % interval", "fractions tried");
        foreach ((AllocatorPolicy allocator, UnmovableThreshold found) in report.Thresholds)
        {
            table.Add(
                allocator.Name,
                Fraction(found),
                $"{Quantities.Fraction(found.Low)} to {Quantities.Fraction(found.High)}",
                Invariant($"{found.Points}"));
        }

        page.Add(table);
    }

    private static string Fraction(UnmovableThreshold found) =>
        found.IsReachable ? Quantities.Fraction(found.Unmovable) : "never";
}
