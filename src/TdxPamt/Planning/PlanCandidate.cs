using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>One kernel, with or without strategies, on one machine: what it gives and costs, or why it fails.</summary>
/// <remarks>Immutable and equal by value. Rules: docs/model.md#plan-order.</remarks>
public sealed record PlanCandidate
{
    internal PlanCandidate(KernelModel kernel, PlanStrategies strategies, MemoryPlan? plan, TdmrFailure? failure)
    {
        Kernel = kernel;
        Strategies = strategies;
        Plan = plan;
        Failure = failure;
    }

    /// <summary>The kernel.</summary>
    public KernelModel Kernel { get; }

    /// <summary>The strategies that change its steps; <see cref="PlanStrategies.None"/> for none.</summary>
    public PlanStrategies Strategies { get; }

    /// <summary>What it constructs; null where it fails.</summary>
    public MemoryPlan? Plan { get; }

    /// <summary>Why it fails; null where it constructs TDMRs, and where it needs CMRs that are not known.</summary>
    public TdmrFailure? Failure { get; }

    /// <summary>Why it is not acceptable, in a sentence without a full stop: the failure, or what the module finds
    /// wrong; null where it is.</summary>
    public string? Problem => IsAcceptable ? null
        : NeedsCmrs ? "the CMRs are not known"
        : NeedsDynamicPamt && Verdict.IsAcceptable ? "the module is not known to have Dynamic PAMT"
        : Failure is not { } failure ? Verdict.ToString()
        : failure.Allowed is { } allowed ? $"{failure.Message}, {failure.Needed} needed, {allowed} allowed"
        : failure.Message;

    /// <summary>What the module answers to its TDMRs.</summary>
    public ModuleVerdict Verdict => Plan?.Verdict ?? ModuleVerdict.NotAsked;

    /// <summary>Whether it constructs TDMRs that are fit for use: <see cref="ModuleVerdict.IsAcceptable"/>, by a module
    /// that is known to have what it needs.</summary>
    public bool IsAcceptable => Verdict.IsAcceptable && !NeedsDynamicPamt;

    /// <summary>Whether it counts on a module with Dynamic PAMT, which the machine's is not known to have. It is not
    /// acceptable then.</summary>
    public bool NeedsDynamicPamt { get; internal init; }

    /// <summary>Whether it goes by the CMRs, which are not known: then it neither works nor fails.</summary>
    public bool NeedsCmrs { get; internal init; }

    /// <summary>Whether it is not known if it works.</summary>
    public bool IsOpen => NeedsCmrs || (NeedsDynamicPamt && Verdict.IsAcceptable);

    /// <summary>The candidate in a line.</summary>
    /// <returns>Kernel, strategies, and costs or the problem.</returns>
    public override string ToString() => IsAcceptable ? Plan!.ToString() : $"{Kernel} {Strategies.Name()}: {Problem}";
}
