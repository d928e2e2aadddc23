using TdxPamt.Hosts;
using TdxPamt.Module;
using TdxPamt.Planning;
using static System.FormattableString;

namespace TdxPamt.Cli;

/// <summary>A plan for reading.</summary>
internal static class PlanText
{
    internal static void Append(Page page, HostPlan plan)
    {
        if (plan.Host.IsIncomplete)
        {
            page.Add($"{plan.Host.Name}: incomplete, the log has lines about TDX and no memory map", Outcome.Warning);
            AppendWarnings(page, plan.Warnings);
            if (plan.Host.Reported is { } outcome)
                page.Add($"log reports: {outcome}");
            return;
        }

        bool isKernels = plan.Strategies == PlanStrategies.None;
        string reason = plan.KernelReason is { } because ? $" ({because})" : "";
        string with = isKernels ? "" : $" with {plan.Strategies.Name()}";
        AppendHost(page, plan.Host, $"kernel {plan.Kernel}{reason}{with}", plan.Warnings);
        if (plan.IsConstructed)
            AppendTdmrs(page, plan);
        else if (!plan.LacksCmrs)
            ExplanationText.AppendFailure(page, plan, plan.Failure!);
        if (plan.Verdict.Answer is not (ModuleAnswer.NotAsked or ModuleAnswer.CmrsUnknown))
            VerdictText.Append(page, "module", plan.Verdict);
        if (plan.Host.Reported is { } reported)
            AppendReported(page, plan, reported, isKernels);
        if (plan.UnknownBecause is { } open)
            page.Add($"not known whether TDX starts: {open}", Outcome.Warning);
        ActionsText.Append(page, plan.FindActions());
    }

    /// <summary>Adds what is planned for, and a blank line.</summary>
    internal static void AppendHost(
        Page page, HostDescription host, string plannedFor, IEnumerable<string> warnings)
    {
        page.Add($"{host.Name}, {plannedFor}, RAM {Quantities.Size(host.Memory.RamBytes)}");
        page.Add($"memory from {host.DescribeEvidence()}");
        AppendWarnings(page, warnings);
        page.Add();
    }

    internal static void AppendWarnings(Page page, IEnumerable<string> warnings)
    {
        foreach (string warning in warnings)
            page.Add($"warning: {warning}", Outcome.Warning);
    }

    private static void AppendTdmrs(Page page, HostPlan plan)
    {
        page.Add(PageTable.OfMany(
            plan.Tdmrs,
            (tdmr, index) =>
            [
                Invariant($"{index}"),
                tdmr.Range.ToString(),
                Quantities.Size(tdmr.Size),
                Invariant($"{tdmr.Node}"),
                tdmr.HasPamtChunk ? tdmr.PamtChunk.ToString() : $"{tdmr.Pamt4K}, {tdmr.Pamt2M}, {tdmr.Pamt1G}",
                Quantities.Size(tdmr.PamtPages * AddressRange.PageBytes),
                Invariant($"{tdmr.ReservedAreas.Count} of {plan.Module.MaxReservedAreas}"),
            ],
            "TDMR", "range", "size", "node", "PAMTs", "PAMT size", "reserved areas"));
        ExplanationText.AppendTight(page, plan);
        string share = Quantities.Percent(plan.PamtKiB * 1024.0 / plan.Host.Memory.RamBytes);
        page.Add();
        page.Add(Invariant($"{plan.PamtKiB} KB allocated for PAMT ({plan.PamtPages} pages), {share} of RAM"));
        if (plan.Module.DynamicPamt)
            page.Add(RunTime(HostCost.Create(plan, [1])));
        if (plan.ExcludedRam.Count == 0)
            return;
        string size = Quantities.Size(plan.Plan!.ExcludedBytes);
        page.Add($"{size} of RAM excluded, for Linux to keep from its page allocator: {plan.ExcludedRam}");
    }

    /// <summary>What Dynamic PAMT takes besides what the kernel prints.</summary>
    private static string RunTime(HostCost cost) => Invariant(
        $"that is Dynamic PAMT's fixed part; the kernel takes {Quantities.Size(cost.ReferenceCountBytes)} of ")
        + "reference counts at boot, and at run time 8 KiB for each 2 MiB that holds private 4K pages: up to "
        + $"{Quantities.Size(cost.BytesAt(1) - cost.BytesAt(0))} more if all memory does";

    /// <summary>Compares the plan with what the host's own kernel did; that kernel used no strategies.</summary>
    private static void AppendReported(Page page, HostPlan plan, ReportedOutcome reported, bool isKernels)
    {
        string did = reported.ToString();
        if (!isKernels || plan.AgreesWithReport is null)
        {
            page.Add($"log reports: {did}");
            return;
        }

        if (plan.AgreesWithReport == true)
            page.Add($"log reports: {did}; the plan matches", Outcome.Good);
        else
            page.Add($"log reports: {did}; the plan DOES NOT match", Outcome.Bad);
        if (plan.ExplainReported() is { } explanation)
            page.Add(Invariant($"{explanation}"));
    }
}
