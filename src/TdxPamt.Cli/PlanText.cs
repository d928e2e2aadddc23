using System.Globalization;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Memory;
using TdxPamt.Tdmr;

namespace TdxPamt.Cli;

/// <summary>A plan for reading.</summary>
internal static class PlanText
{
    internal static void Append(StringBuilder text, HostPlan plan)
    {
        text.Append(CultureInfo.InvariantCulture, $"{plan.Host.Name}, kernel {plan.Kernel}, RAM {Size(plan.Host.Memory.RamBytes)}\n");
        text.Append(CultureInfo.InvariantCulture, $"memory from {Describe(plan.Host.Evidence)}\n");
        foreach (string warning in plan.Host.Warnings)
            text.Append(CultureInfo.InvariantCulture, $"warning: {warning}\n");
        text.Append('\n');
        if (plan.Construction is { } construction)
            AppendTdmrs(text, plan, construction);
        else
            AppendFailure(text, plan.Failure!);
        if (plan.Verdict is { } verdict)
            text.Append(CultureInfo.InvariantCulture, $"module: {Describe(verdict)}\n");
        if (plan.Host.Reported is { } reported)
        {
            string did = reported.Error ?? $"{reported.PamtKiB} KB allocated for PAMT";
            text.Append(
                CultureInfo.InvariantCulture,
                $"log reports: {did}; the plan {(plan.MatchesReported == true ? "matches" : "DOES NOT match")}\n");
        }
    }

    internal static string Describe(ModuleVerdict verdict) => verdict.IsAccepted
        ? "accepted"
        : $"rejected, {verdict.Status.Name} 0x{verdict.Status.Value:X16}: {verdict.Message}";

    /// <summary>A size in the largest unit that it is a whole number of.</summary>
    internal static string Size(ulong bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        int unit = 0;
        for (; unit < units.Length - 1 && bytes % 1024 == 0 && bytes > 0; unit++)
            bytes /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes} {units[unit]}");
    }

    private static void AppendTdmrs(StringBuilder text, HostPlan plan, TdmrConstruction construction)
    {
        List<string[]> rows = [["TDMR", "range", "size", "node", "PAMTs", "PAMT size", "reserved areas"]];
        foreach (TdmrInfo tdmr in construction.Tdmrs)
        {
            rows.Add(
            [
                rows.Count == 0 ? "" : (rows.Count - 1).ToString(CultureInfo.InvariantCulture),
                tdmr.Range.ToString(),
                Size(tdmr.Size),
                tdmr.Node.ToString(CultureInfo.InvariantCulture),
                tdmr.PamtChunk.ToString(),
                Size(tdmr.PamtChunk.Size),
                $"{tdmr.ReservedAreas.Count} of {plan.Module.MaxReservedAreas}",
            ]);
        }

        AppendTable(text, rows);
        double share = 100.0 * construction.PamtKiB * 1024 / plan.Host.Memory.RamBytes;
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{construction.PamtKiB} KB allocated for PAMT ({construction.PamtPages} pages), {share:f3} % of RAM\n");
    }

    private static void AppendFailure(StringBuilder text, TdmrFailure failure)
    {
        text.Append(CultureInfo.InvariantCulture, $"initialization failed: {failure.Message} ({failure.Errno})\n");
        switch (failure.Code)
        {
            case TdmrFailureCode.ReservedAreasExhausted:
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"TDMR {failure.TdmrIndex} needs {failure.Needed} reserved areas, the module takes {failure.Allowed}:\n");
                AppendAreas(text, failure.Range!.Value, failure.ReservedAreas);
                break;
            case TdmrFailureCode.TdmrsExhausted:
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"the memory needs {failure.Needed} TDMRs, the module takes {failure.Allowed}\n");
                break;
        }
    }

    private static void AppendAreas(StringBuilder text, AddressRange tdmr, ValueList<ReservedArea> areas)
    {
        List<string[]> rows = [["area", "range", "size", "source"]];
        foreach (ReservedArea area in areas)
        {
            ulong start = tdmr.Start + area.Offset;
            rows.Add(
            [
                (rows.Count - 1).ToString(CultureInfo.InvariantCulture),
                AddressRange.Create(start, start + area.Size).ToString(),
                Size(area.Size),
                area.Source == ReservedAreaSource.Hole ? "hole in memory" : "PAMTs",
            ]);
        }

        AppendTable(text, rows);
    }

    internal static void AppendTable(StringBuilder text, List<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) => cell.PadRight(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }
    }

    private static string Describe(MemoryEvidence evidence) => evidence switch
    {
        MemoryEvidence.HostDocument => "a host document",
        MemoryEvidence.NodeRanges => "the kernel's early memory node ranges",
        MemoryEvidence.E820WithSrat => "e820, nodes from SRAT",
        MemoryEvidence.E820 => "e820 alone",
        MemoryEvidence.Iomem => "/proc/iomem",
        _ => "CMRs alone",
    };
}
