using System.Globalization;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Cli;

/// <summary>A plan for reading.</summary>
internal static class PlanText
{
    internal static void Append(StringBuilder text, HostPlan plan)
    {
        bool isKernels = plan.Strategies == PlanStrategies.None;
        AppendHost(text, plan.Host, $"kernel {plan.Kernel}{(isKernels ? "" : $" with {plan.Strategies.Name()}")}");
        if (plan.Failure is { } failure)
            ExplanationText.AppendFailure(text, plan, failure);
        else
            AppendTdmrs(text, plan);
        if (plan.Verdict.Answer is ModuleAnswer.Accepted or ModuleAnswer.Rejected)
            text.Append(CultureInfo.InvariantCulture, $"module: {Describe(plan.Verdict)}\n");
        if (plan.Host.Reported is not { } reported)
            return;
        string did = reported.Error ?? $"{reported.PamtKiB} KB allocated for PAMT";
        string match = plan.AgreesWithReport == true ? "; the plan matches" : "; the plan DOES NOT match";
        text.Append(CultureInfo.InvariantCulture, $"log reports: {Printable.Of(did)}{(isKernels ? match : "")}\n");
        if (isKernels && plan.ExplainReported() is { } explanation)
            text.Append(CultureInfo.InvariantCulture, $"{explanation}\n");
    }

    internal static void AppendHost(StringBuilder text, HostDescription host, string way)
    {
        text.Append($"{Printable.Of(host.Name)}, {way}, RAM {Size(host.Memory.RamBytes)}\n");
        text.Append(CultureInfo.InvariantCulture, $"memory from {host.EvidenceDescription}\n");
        foreach (string warning in host.Warnings)
            text.Append(CultureInfo.InvariantCulture, $"warning: {Printable.Of(warning)}\n");
        text.Append('\n');
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

    private static void AppendTdmrs(StringBuilder text, HostPlan plan)
    {
        List<string[]> rows = [["TDMR", "range", "size", "node", "PAMTs", "PAMT size", "reserved areas"]];
        foreach (TdmrInfo tdmr in plan.Tdmrs)
        {
            rows.Add(
            [
                (rows.Count - 1).ToString(CultureInfo.InvariantCulture),
                tdmr.Range.ToString(),
                Size(tdmr.Size),
                tdmr.Node.ToString(CultureInfo.InvariantCulture),
                tdmr.HasPamtChunk ? tdmr.PamtChunk.ToString() : $"{tdmr.Pamt4K}, {tdmr.Pamt2M}, {tdmr.Pamt1G}",
                Size(tdmr.PamtPages * AddressRange.PageBytes),
                $"{tdmr.ReservedAreas.Count} of {plan.Module.MaxReservedAreas}",
            ]);
        }

        Page.AppendTable(text, rows);
        ExplanationText.AppendTight(text, plan);
        double share = 100.0 * plan.PamtKiB * 1024 / plan.Host.Memory.RamBytes;
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{plan.PamtKiB} KB allocated for PAMT ({plan.PamtPages} pages), {share:f3} % of RAM\n");
        if (plan.ExcludedRam.Count > 0)
        {
            string size = Size(plan.Plan!.ExcludedBytes);
            text.Append($"{size} of RAM excluded, for Linux to keep from its page allocator: {plan.ExcludedRam}\n");
        }
    }
}
