using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>One kernel, with or without strategies, on one machine: what it gives and costs, or why it fails.</summary>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record PlanCandidate
{
    internal PlanCandidate(
        KernelModel kernel, PlanStrategies strategies, MemoryPlan? plan, TdmrFailure? failure, string? problem)
    {
        Kernel = kernel;
        Strategies = strategies;
        Plan = plan;
        Failure = failure;
        Problem = problem;
    }

    /// <summary>The kernel.</summary>
    public KernelModel Kernel { get; }

    /// <summary>The strategies that change its way; <see cref="PlanStrategies.None"/> for none.</summary>
    public PlanStrategies Strategies { get; }

    /// <summary>What it constructs; null where it fails.</summary>
    public MemoryPlan? Plan { get; }

    /// <summary>Why it fails; null where it constructs something.</summary>
    public TdmrFailure? Failure { get; }

    /// <summary>Why it is not acceptable, in a sentence without a full stop: the failure, or what the module finds
    /// wrong; null where it is.</summary>
    public string? Problem { get; }

    /// <summary>What the module says of its TDMRs; null where there are none, or one has more areas than a TDMR_INFO
    /// has room for.</summary>
    public ModuleVerdict? Verdict => Plan?.Verdict;

    /// <summary>Whether it constructs TDMRs that the module accepts.</summary>
    public bool IsAcceptable => Plan is { IsAccepted: true };

    /// <summary>The candidate in a line.</summary>
    /// <returns>Kernel, strategies, and costs or the problem.</returns>
    public override string ToString() => IsAcceptable ? Plan!.ToString() : $"{Kernel} {Strategies.Name()}: {Problem}";
}
