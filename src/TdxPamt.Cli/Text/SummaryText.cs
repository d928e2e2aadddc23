using System.Globalization;
using System.Numerics;
using TdxPamt.Hosts;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>A summary of many hosts, for reading.</summary>
internal static class SummaryText
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        [FleetSummary.PamtKiB] = "PAMTs",
        [FleetSummary.PamtShare] = "PAMTs, share of RAM",
        [FleetSummary.ReservedAreas] = "most reserved areas",
        ["staticKiB"] = "static PAMT",
        ["fixedKiB"] = "Dynamic PAMT, fixed part",
        ["referenceCountKiB"] = "reference counts",
    };

    internal static Page Create(FleetSummary summary)
    {
        Page page = new();
        page.Add($"{summary}");
        foreach ((string cause, long count) in summary.Causes)
            page.Add(Invariant($"  {cause}: {count}"), Outcome.Bad);
        if (summary.Distributions.TryGetValue(FleetSummary.PamtKiB, out Distribution? pamts))
            page.Add($"PAMTs take {Size(pamts.Total * 1024)}; RAM {Size(summary.RamBytes)}");
        AppendDistributions(page, summary);
        AppendTightest(page, summary);
        return page;
    }

    private static void AppendDistributions(Page page, FleetSummary summary)
    {
        if (summary.Distributions.Count == 0)
            return;
        PageTable table = new(
            ["of hosts with a plan", .. FleetSummary.Percents.Select(static percent => Invariant($"{percent} %"))]);
        foreach ((string name, Distribution distribution) in summary.Distributions)
        {
            IReadOnlyList<ulong?> values = distribution.Percentiles(FleetSummary.Percents);
            table.Add([NameOf(name), .. values.Select(value => (PageCell)InUnit(name, value))]);
        }

        page.Add();
        page.Add(table);
    }

    private static void AppendTightest(Page page, FleetSummary summary)
    {
        if (summary.Tightest.Count == 0)
            return;
        page.Add();
        page.Add("closest to a limit of the module:");
        foreach (TightHost host in summary.Tightest)
            page.Add($"  {host}", host.Left < 0 ? Outcome.Bad : Outcome.Neutral);
    }

    private static string NameOf(string name) => Names.TryGetValue(name, out string? known) ? known
        : name.StartsWith("dynamicKiBAt", StringComparison.Ordinal)
        && decimal.TryParse(
            name["dynamicKiBAt".Length..], NumberStyles.Float, CultureInfo.InvariantCulture, out decimal share)
            ? Invariant($"Dynamic PAMT, {100 * share:0.###} % private 4K pages")
        : name;

    private static string InUnit(string name, ulong? value) => value is not { } number ? "-"
        : name == FleetSummary.PamtShare ? Quantities.Percent(number / 1_000_000.0)
        : name.Contains("KiB", StringComparison.Ordinal) ? Quantities.Size(number * 1024m)
        : Invariant($"{number}");

    private static string Size(BigInteger bytes) =>
        bytes <= (BigInteger)decimal.MaxValue ? Quantities.Size((decimal)bytes) : $"{bytes} B";
}
