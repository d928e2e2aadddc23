using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>Every kernel, every strategy alone and the planner's best on one machine.</summary>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record PlanComparison
{
    /// <summary>The kernels, the one to prefer first where two cost the same.</summary>
    private static readonly KernelModel[] Kernels = [KernelModel.Mainline, KernelModel.CmrHoles, KernelModel.V5];

    private PlanComparison(PlanCandidate[] candidates, string sentence)
    {
        Candidates = new(candidates);
        Recommended = candidates.Length > 0 && candidates[0].IsAcceptable ? 0 : null;
        Sentence = sentence;
    }

    /// <summary>The candidates. First the acceptable ones: less RAM given up, less PAMT memory, fewer changes,
    /// mainline's own way, more room left; then those that the module refuses; then those that fail.</summary>
    public ValueList<PlanCandidate> Candidates { get; }

    /// <summary>The position of the best candidate; null where none is acceptable.</summary>
    public int? Recommended { get; }

    /// <summary>What to make of it: one sentence for a report.</summary>
    public string Sentence { get; }

    /// <summary>Compares what can be done on a machine.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="module">What its module reports; null: <see cref="ModuleParameters.Default"/>.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> has more than
    /// <see cref="StrategyConstructor.MaxMemoryBlocks"/> memory blocks.</exception>
    public static PlanComparison Create(HostMemory host, ModuleParameters? module = null)
    {
        PlanHost whole = new(StrategyConstructor.CheckSize(host), module ?? ModuleParameters.Default, []);
        List<PlanCandidate> candidates =
        [
            .. Kernels.Select(kernel => Candidate(whole, kernel, PlanStrategies.None)),
            .. PlanStrategyNames.Each.Select(each => Candidate(whole, KernelModel.Mainline, each)),
        ];
        PlanCandidate mainline = candidates[0];
        if (new MemoryPlanner(whole.Module).TryPlan(host, out MemoryPlan? best, out _)
            && !candidates.Exists(candidate => candidate.Strategies == best.Strategies))
        {
            candidates.Add(new(best.Kernel, best.Strategies, best, failure: null, problem: null));
        }

        PlanCandidate[] sorted =
        [
            .. candidates
                .OrderBy(static candidate => candidate.IsAcceptable ? 0 : candidate.Plan is not null ? 1 : 2)
                .ThenBy(static candidate => candidate.Plan?.ExcludedBytes)
                .ThenBy(static candidate => candidate.Plan?.PamtPages)
                .ThenBy(static candidate => candidate.Strategies.Changes())
                .ThenBy(static candidate => Array.IndexOf(Kernels, candidate.Kernel))
                .ThenBy(static candidate => candidate.Plan?.MostReservedAreas)
                .ThenBy(static candidate => candidate.Plan?.Tdmrs.Count)
                .ThenBy(static candidate => candidate.Strategies),
        ];
        return new PlanComparison(sorted, Sum(mainline, sorted[0], whole.Module));
    }

    /// <summary>What it comes to; see <see cref="Sentence"/>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Sentence;

    private static PlanCandidate Candidate(PlanHost host, KernelModel kernel, PlanStrategies strategies)
    {
        bool constructed = new StrategyConstructor(strategies, kernel, host.Module)
            .TryConstruct(host, ulong.MaxValue, out MemoryPlan? plan, out TdmrFailure? failure);
        string? problem = constructed ? Problem(plan!) : Problem(failure!);
        return new(kernel, strategies, plan, failure, problem);
    }

    private static string? Problem(MemoryPlan plan)
    {
        if (plan.IsAccepted)
            return null;
        return plan.Verdict?.ToString() ?? $"a TDMR_INFO has room for {TdmrInfoEntry.MaxReservedAreas} reserved areas, "
            + $"and a TDMR needs {plan.MostReservedAreas}";
    }

    private static string Problem(TdmrFailure failure) => failure.Allowed is { } allowed
        ? $"{failure.Message}, {failure.Needed} needed, {allowed} allowed"
        : failure.Message;

    private static string Sum(PlanCandidate mainline, PlanCandidate best, ModuleParameters module)
    {
        if (!best.IsAcceptable)
            return $"mainline fails ({mainline.Problem}), and neither another kernel nor any strategy helps.";
        string costs =
            $"{best.Plan!.PamtKiB} KiB of PAMTs in {best.Plan.Tdmrs.Count} of {module.MaxTdmrs} TDMRs, "
            + $"at most {best.Plan.MostReservedAreas} of {module.MaxReservedAreas} reserved areas";
        if (best == mainline)
            return $"mainline works on this machine: {costs}.";
        string does = best.Strategies == PlanStrategies.None
            ? $"{best.Kernel} works as it is"
            : $"it would work with {best.Strategies.Name()}";
        string lost = best.Plan.ExcludedBytes == 0
            ? "no RAM is given up"
            : $"{best.Plan.ExcludedBytes / 1024} KiB of RAM are given up, "
                + $"which Linux would have to keep from its page allocator: {best.Plan.ExcludedRam}";
        return $"mainline fails on this machine ({mainline.Problem}); {does}: {costs}; {lost}.";
    }
}
