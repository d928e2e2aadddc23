using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Simulation;

namespace TdxPamt.Cli;

/// <summary>A simulation for reading, and for spreadsheets.</summary>
internal static class SimulateText
{
    internal static StringBuilder Of(SimulationReport report, SimulationQuestion question)
    {
        StringBuilder text = new();
        text.Append($"{Printable.Of(report.Name)}, kernel {report.Kernel}");
        if (report.Failure is null)
        {
            string pamts = PlanText.Size(question.PamtPages * AddressRange.PageBytes);
            text.Append(Invariant($", {Count(question.Tdmrs.Count, "TDMR")}, {pamts} of PAMTs"));
        }

        text.Append('\n');
        foreach (string warning in report.Warnings)
            text.Append($"warning: {Printable.Of(warning)}\n");
        if (report.Failure is { } failure)
        {
            text.Append($"\ninitialization failed: {failure.Message} ({failure.Errno})\n");
            return text;
        }

        text.Append(Invariant($"{Count(report.Trials, "trial")} each, seed {report.Seed}, "));
        text.Append(question.RunLength == 1
            ? "unmovable page blocks independent\n"
            : Invariant($"unmovable page blocks in runs of {question.RunLength} on average\n"));
        if (!report.IsComplete)
            text.Append("interrupted: this is what was done until then\n");
        AppendPoints(text, report);
        AppendFailures(text, report, question.Tdmrs);
        AppendThresholds(text, report);
        return text;
    }

    /// <summary>A line a point.</summary>
    internal static StringBuilder Outcome(SimulationReport report)
    {
        StringBuilder text = new();
        if (report.Failure is { } failure)
            text.Append($"{Printable.Of(report.Name)}: failed, {failure.Message} ({failure.Errno})\n");
        foreach ((AllocatorPolicy allocator, double unmovable, SimulationResult result) in report.Points)
        {
            text.Append(Invariant($"{Printable.Of(report.Name)}: {allocator} at {unmovable}: "));
            text.Append(Invariant($"{Percent(result.Success.Value)} of {Count(result.Trials, "trial")}\n"));
        }

        foreach ((AllocatorPolicy allocator, UnmovableThreshold found) in report.Thresholds)
            text.Append($"{Printable.Of(report.Name)}: {allocator} up to {Fraction(found)}\n");
        return text;
    }

    /// <summary>A header and a line a point.</summary>
    internal static byte[] Csv(SimulationReport report)
    {
        StringBuilder text = new("allocator,unmovable,trials,successes,probability,low,high,offNode,failuresByTdmr\n");
        foreach ((AllocatorPolicy allocator, double unmovable, SimulationResult result) in report.Points)
        {
            Proportion success = result.Success;
            text.Append(Invariant($"{allocator},{unmovable},{result.Trials},{success.Successes},"));
            text.Append(Invariant($"{success.Value},{success.Low},{success.High},{result.OffNodeShare},"));
            text.Append(string.Join(' ', result.FailuresByTdmr.Select(static count => Invariant($"{count}"))));
            text.Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void AppendPoints(StringBuilder text, SimulationReport report)
    {
        List<string[]> rows =
        [
            ["allocator", "unmovable", "success", "95 % interval", "off node", "smallest largest run"],
        ];
        foreach ((AllocatorPolicy allocator, double unmovable, SimulationResult result) in report.Points)
        {
            rows.Add(
            [
                allocator.Name,
                Invariant($"{unmovable}"),
                Percent(result.Success.Value),
                $"{Percent(result.Success.Low)} to {Percent(result.Success.High)}",
                Percent(result.OffNodeShare),
                PlanText.Size(result.LargestRuns.MinBytes),
            ]);
        }

        text.Append('\n');
        Page.AppendTable(text, rows);
    }

    /// <summary>Which TDMR found no room how often, over all fractions.</summary>
    private static void AppendFailures(StringBuilder text, SimulationReport report, ValueList<AddressRange> tdmrs)
    {
        AllocatorPolicy[] policies = [.. report.Points.Select(static point => point.Allocator).Distinct()];
        long[][] failures = [.. policies.Select(policy => Failures(report, policy, tdmrs.Count))];
        if (failures.All(static counts => counts.All(static count => count == 0)))
            return;
        List<string[]> rows = [["failed first", "range", "size", .. policies.Select(static policy => policy.Name)]];
        for (int i = 0; i < tdmrs.Count; i++)
        {
            rows.Add(
            [
                Invariant($"TDMR {i}"),
                tdmrs[i].ToString(),
                PlanText.Size(tdmrs[i].Size),
                .. failures.Select(counts => Invariant($"{counts[i]}")),
            ]);
        }

        text.Append('\n');
        Page.AppendTable(text, rows);
    }

    private static long[] Failures(SimulationReport report, AllocatorPolicy policy, int tdmrs) =>
    [
        .. Enumerable.Range(0, tdmrs).Select(tdmr => report.Points
            .Where(point => point.Allocator == policy)
            .Sum(point => (long)point.Result.FailuresByTdmr[tdmr])),
    ];

    private static void AppendThresholds(StringBuilder text, SimulationReport report)
    {
        if (report.Thresholds.Count == 0)
            return;
        decimal level = 100 * (decimal)report.Thresholds[0].Found.Level;
        text.Append(Invariant($"\n{level:0.#########} % succeed up to this fraction of unmovable page blocks:\n"));
        List<string[]> rows = [["allocator", "unmovable", "95 % interval", "fractions tried"]];
        foreach ((AllocatorPolicy allocator, UnmovableThreshold found) in report.Thresholds)
        {
            rows.Add(
            [
                allocator.Name,
                Fraction(found),
                Invariant($"{found.Low:0.#####} to {found.High:0.#####}"),
                Invariant($"{found.Points}"),
            ]);
        }

        Page.AppendTable(text, rows);
    }

    private static string Fraction(UnmovableThreshold found) =>
        found.IsReachable ? Invariant($"{found.Unmovable:0.#####}") : "never";

    private static string Percent(double share) => Invariant($"{100 * share:0.00} %");

    private static string Count(int count, string what) => Invariant($"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
