using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Hosts.Report;

/// <summary>The plan's outcome, what would help, and its main figures.</summary>
internal static class ReportSummary
{
    private static readonly (string Term, string Meaning)[] Terms =
    [
        ("TDX module", "Intel's software that runs protected virtual machines (TDs); Linux hands it memory"),
        ("CMR", "convertible memory region: memory that the firmware reports as able to hold TDX memory"),
        ("TDMR", "TD memory region: a range of whole GiB that Linux hands to the module"),
        ("PAMT", "physical address metadata table: the module's records of a TDMR's pages, about 1/256 of its memory"),
        ("reserved area", "a part of a TDMR that is a hole in memory or holds a PAMT"),
        ("node", "the memory that is near to one processor, or to a part of it"),
        ("strategy", "a change of Linux's steps that would make a machine fit; no kernel has one"),
    ];

    internal static void Write(
        HtmlWriter html, HostPlan plan, IReadOnlyList<ReportTdmr> tdmrs, PlanComparison comparison)
    {
        string state = plan.Answer == HostAnswer.Unknown ? "outcome" : plan.Works ? "outcome good" : "outcome bad";
        html.Element("p", Outcome(plan), ("class", state));
        html.Element("p", comparison.Sentence);
        WriteActions(html, plan.FindActions());
        html.Facts(Facts(plan, tdmrs));
        foreach (string warning in plan.Warnings)
            html.Element("p", $"Warning: {warning}.", ("class", "warning"));
        html.Terms(Terms);
    }

    private static void WriteActions(HtmlWriter html, ValueList<PlanAction> actions)
    {
        if (actions.Count == 0)
            return;
        html.Element("p", "What to do, the cheapest first; each was tried in the model, and works there:");
        html.Start("ol", ("class", "actions"));
        foreach (PlanAction action in actions)
            html.Element("li", $"{action.Text}.");
        html.End();
    }

    private static string Outcome(HostPlan plan) => plan.UnknownBecause is { } because
        ? $"Not known, because {because}. As described: {Described(plan)}"
        : Described(plan);

    private static string Described(HostPlan plan)
    {
        if (plan.Failure is { } failure)
            return $"Fails: {failure.Message}{(failure.Errno is { } errno ? $" ({errno})" : "")}";
        string works = $"{plan.PamtKiB} KB allocated for PAMT";
        return plan.Verdict.Answer switch
        {
            ModuleAnswer.Accepted => $"Works: {works}, and the TDX module accepts the TDMRs",
            ModuleAnswer.Rejected =>
                $"Rejected by the TDX module: {plan.Verdict.Status.Name}, {plan.Verdict.Message}",
            ModuleAnswer.TooManyAreas => $"Fails: {plan.Verdict.Message}",
            _ => $"Constructed: {works}",
        };
    }

    private static IEnumerable<(string Name, string Value)> Facts(HostPlan plan, IReadOnlyList<ReportTdmr> tdmrs)
    {
        HostMemory memory = plan.Host.Memory;
        yield return ("Kernel", ReportText.KernelAndStrategies(plan));
        yield return ("RAM", Quantities.Size(memory.RamBytes));
        yield return ("NUMA nodes", plan.Host.NodesKnown ? ReportText.Number(memory.Nodes.Count) : "not known");
        yield return ("CMRs", memory.Cmrs.Count == 0 ? "not known" : ReportText.Number(memory.Cmrs.Count));
        string needs = plan.IsConstructed ? "" : "needs ";
        yield return ("TDMRs", $"{needs}{tdmrs.Count} of {plan.Module.MaxTdmrs}");
        if (tdmrs.OrderByDescending(static tdmr => tdmr.Areas.Count).FirstOrDefault() is { } tightest)
        {
            yield return (
                "Most reserved areas",
                $"{needs}{tightest.Areas.Count} of {plan.Module.MaxReservedAreas}, in TDMR {tightest.Index}");
        }

        if (plan.IsConstructed)
        {
            string share = Quantities.Percent(plan.PamtKiB * 1024.0 / memory.RamBytes);
            yield return ("PAMTs", $"{Quantities.Size(plan.PamtKiB * 1024)}, {share} of RAM");
        }

        if (plan.ExcludedRam.Count > 0)
            yield return ("RAM excluded", plan.ExcludedRam.ToString());

        yield return ("TDX module", Module(plan));
        if (plan.Host.Reported is { } reported)
            yield return ("Log reports", reported.Compare(plan));
    }

    private static string Module(HostPlan plan) => plan.Verdict.Answer switch
    {
        ModuleAnswer.Accepted => "accepts the TDMRs",
        ModuleAnswer.Rejected =>
            $"rejects the TDMRs: {plan.Verdict.Status.Name} 0x{plan.Verdict.Status.Value:X16}",
        ModuleAnswer.CmrsUnknown => "not asked: the CMRs are not known",
        ModuleAnswer.TooManyAreas => $"cannot be asked: {plan.Verdict.Message}",
        _ => $"not asked: kernel {plan.Kernel} fails before it has the TDMRs",
    };
}
