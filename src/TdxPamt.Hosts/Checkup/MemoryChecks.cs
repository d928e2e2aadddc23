using TdxPamt.Module;
using TdxPamt.Planning;
using static System.FormattableString;
using static TdxPamt.Hosts.CheckResult;

namespace TdxPamt.Hosts;

/// <summary>The checks of memory, and how the start ended.</summary>
internal sealed class MemoryChecks(HostPlan plan, ValueList<PlanAction> actions)
{
    private const int FewTdmrs = 4;

    private readonly HostDescription _host = plan.Host;

    /// <summary>Whether the machine's own kernel built TDMRs, whatever the model says.</summary>
    private bool HasStarted => _host.Reported is { HasStarted: true };

    /// <summary>What a failure of the model means: the log may say otherwise, and what is not known may too.</summary>
    private CheckResult Failed => HasStarted ? Warn : plan.Answer == HostAnswer.Unknown ? Unknown : Fail;

    private string FirstAction => actions.Count > 0 ? actions[0].Text : "nothing that was tried helps";

    internal IEnumerable<HostCheck> Create() =>
        [Cmrs(), Convertible(), Later(), Tdmrs(), Areas(), Pamts(), Outcome()];

    private HostCheck NotPlanned(string id) => _host.IsIncomplete
        ? new(id, Unknown, "the input does not say what memory there is", CheckupWords.HowToKnow(_host))
        : new(id, Unknown, plan.Failure?.Message ?? "there is no plan", CheckupWords.SeeAbove);

    private HostCheck Cmrs()
    {
        int count = _host.Memory.Cmrs.Count;
        if (count == 0)
        {
            return new(
                "cmrs",
                Unknown,
                "no line of the input says it: mainline kernels do not print CMRs",
                "boot once a kernel that prints them, such as Ubuntu's 6.8 -intel, and collect again");
        }

        return HostDescription.WhyTooManyCmrs(count, " CMRs") is { } tooMany
            ? new(
                "cmrs", Fail, tooMany, Invariant($"ask the firmware vendor to report at most {CmrTable.Entries} CMRs"))
            : new("cmrs", Pass, Invariant($"{Quantities.Count(count, "CMR")}, the first {_host.Memory.Cmrs[0]}"), "");
    }

    private HostCheck Convertible()
    {
        if (_host.Memory.Cmrs.Count == 0 || _host.IsIncomplete)
            return new("convertible", Unknown, "the CMRs are not known", CheckupWords.SeeAbove);
        if (_host.RamOutsideCmrs is not { } outside)
            return new("convertible", Pass, "all RAM lies in CMRs", "");
        bool isLost = plan.Kernel.TakesHolesFromCmrs && !plan.Kernel.TestsConvertibility;
        return new(
            "convertible",
            isLost || HasStarted ? Warn : Fail,
            outside,
            "ask the firmware vendor to make the RAM outside the CMRs convertible");
    }

    private HostCheck Later()
    {
        if (_host.LaterMemory.Count > 0)
        {
            return new(
                "later",
                Warn,
                _host.LaterMemory[0],
                "have the firmware give all memory as RAM at boot, and bring none online later");
        }

        return _host.KnowsLaterMemory
            ? new("later", Pass, "no soft reserved, hotplug or added memory in the memory map", "")
            : new("later", Unknown, "the input has no whole memory map", CheckupWords.HowToKnow(_host));
    }

    private HostCheck Tdmrs()
    {
        if (plan.Failure is { Code: TdmrFailureCode.TdmrsExhausted } failure)
            return new("tdmrs", Failed, Invariant($"{failure.Needed} of {failure.Allowed}"), FirstAction);
        if (_host.IsIncomplete
            || plan.Failure is { Code: TdmrFailureCode.MemoryNotConvertible or TdmrFailureCode.NoTdxMemory })
            return NotPlanned("tdmrs");
        int max = plan.Module.MaxTdmrs;
        if (!plan.IsConstructed)
            return new("tdmrs", Pass, Invariant($"at most {max} cover all memory"), "");
        string evidence = Invariant($"{plan.Tdmrs.Count} of {max}");
        return max - plan.Tdmrs.Count < FewTdmrs
            ? new("tdmrs", Warn, evidence, "give the machine fewer nodes or gaps in its memory before it grows")
            : new("tdmrs", Pass, evidence, "");
    }

    private HostCheck Areas()
    {
        if (plan.Failure is { Code: TdmrFailureCode.ReservedAreasExhausted } failure)
        {
            return new(
                "areas",
                Failed,
                Invariant($"TDMR {failure.Range}: {failure.Needed} of {failure.Allowed}"),
                FirstAction);
        }

        if (!plan.IsConstructed || plan.Tdmrs.Count == 0)
            return NotPlanned("areas");
        int max = plan.Module.MaxReservedAreas;
        TdmrInfo fullest = plan.Tdmrs.OrderByDescending(static tdmr => tdmr.ReservedAreas.Count).First();
        int left = max - fullest.ReservedAreas.Count;
        string evidence = Invariant($"TDMR {fullest.Range}: {fullest.ReservedAreas.Count} of {max}");
        return left <= PlanActions.FewAreas
            ? new("areas", Warn, evidence, FirstAction)
            : new("areas", Pass, evidence, "");
    }

    private HostCheck Pamts()
    {
        if (plan.Failure is { Code: TdmrFailureCode.PamtAllocationFailed } failure)
            return new("pamts", Failed, failure.Message, FirstAction);
        if (plan.Failure is { Code: TdmrFailureCode.ReservedAreasExhausted })
            return new("pamts", Pass, "all PAMTs found room", "");
        if (!plan.IsConstructed)
            return NotPlanned("pamts");
        string share = Quantities.Percent(plan.PamtKiB * 1024.0 / _host.Memory.RamBytes);
        return new("pamts", Pass, Invariant($"{plan.PamtKiB} KB found room, {share} of RAM"), "");
    }

    private HostCheck Outcome()
    {
        string? line = _host.StartLines.TryGetValue(StartLine.Outcome, out string? found)
            ? found
            : _host.Reported?.ToString();
        if (_host.Reported is { Error: { } error } reported)
        {
            string action = reported.Completion is { } status
                ? SeamcallExplanation.Create(
                    status,
                    reported.LeafName is { } name ? SeamcallExplanation.LeafOfName(name) : null).Action
                : plan.AgreesWithReport == false ? CheckupWords.HowToKnow(_host)
                : reported.StopReason is not null || actions.Count == 0 ? CheckupWords.SeeAbove
                : FirstAction;
            return new("outcome", Fail, line ?? error, action);
        }

        if (HasStarted)
        {
            return plan.AgreesWithReport == false
                ? new(
                    "outcome",
                    Warn,
                    $"{line}; the plan of kernel {plan.Kernel} does not match",
                    "give the kernel that the machine booted with --kernel")
                : new("outcome", Pass, line!, "");
        }

        if (_host.IsIncomplete)
            return NotPlanned("outcome");
        if (plan.UnknownBecause is { } because)
            return new("outcome", Unknown, $"planned: {Planned()}; {because}", CheckupWords.HowToKnow(_host));
        return plan.Works && plan.Verdict.IsAccepted
            ? new("outcome", Pass, $"planned: {Planned()}, and the module accepts the TDMRs", "")
            : new("outcome", Fail, $"planned: {Planned()}", FirstAction);
    }

    private string Planned() => plan.Failure is { } failure ? failure.Message
        : plan.Verdict.IsRejected ? $"the module rejects the TDMRs, {plan.Verdict.Status.Name}"
        : !plan.Works ? plan.Verdict.Message
        : $"{Quantities.Size(plan.PamtKiB * 1024)} of PAMTs in {Quantities.Count(plan.Tdmrs.Count, "TDMR")}";
}
