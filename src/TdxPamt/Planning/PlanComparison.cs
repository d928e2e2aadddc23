namespace TdxPamt.Planning;

/// <summary>Every kernel, every strategy alone and the planner's best plan on one machine.</summary>
/// <remarks>Immutable and equal by value. Rules: docs/model.md#plan-order.</remarks>
public sealed record PlanComparison
{
    /// <summary>The kernels, the one to prefer first where two cost the same.</summary>
    private static readonly KernelModel[] Kernels =
    [
        KernelModel.Mainline,
        KernelModel.Linux71,
        KernelModel.Linux68,
        KernelModel.DynamicPamt,
        KernelModel.CmrHoles,
        KernelModel.CmrHoles2024,
        KernelModel.V5,
    ];

    private PlanComparison(PlanCandidate[] candidates, string sentence, string? doubt)
    {
        Doubt = doubt;
        Candidates = new(candidates);
        Recommended = candidates[0].IsAcceptable ? 0 : null;
        Sentence = sentence;
    }

    /// <summary>The candidates. First the acceptable ones: less RAM excluded, less PAMT memory, fewer strategies,
    /// mainline before other kernels, more reserved areas and TDMRs left. Then those of which it is not known whether
    /// they work (<see cref="PlanCandidate.IsOpen"/>), those that the module rejects, and those that fail.</summary>
    public ValueList<PlanCandidate> Candidates { get; }

    /// <summary>The position of the best candidate; null where none is acceptable.</summary>
    public int? Recommended { get; }

    /// <summary>Why it is not known whether what is found here holds for the machine, in words without a full stop:
    /// <c>the nodes are not known</c>; null where it does.</summary>
    public string? Doubt { get; }

    /// <summary>The conclusion: one sentence for a report.</summary>
    public string Sentence { get; }

    /// <summary>Compares what can be done on a machine.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="module">What its module reports; null for <see cref="ModuleParameters.Default"/>.</param>
    /// <param name="doubt">The <see cref="Doubt"/>; null for none.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> has more than
    /// <see cref="StrategyConstructor.MaxMemoryBlocks"/> memory blocks.</exception>
    public static PlanComparison Create(HostMemory host, ModuleParameters? module = null, string? doubt = null)
    {
        if (StrategyConstructor.WhyTooLarge(host) is { } tooLarge)
            throw new ArgumentException(tooLarge.Message, nameof(host));
        ReducedHost whole = new(host, module ?? ModuleParameters.Default, []);
        List<PlanCandidate> candidates =
        [
            .. Kernels.Select(kernel => Candidate(whole, kernel, PlanStrategies.None)),
            .. PlanStrategyNames.Each.Select(each => Candidate(whole, KernelModel.Mainline, each)),
        ];
        PlanCandidate mainline = candidates[0];
        if (new MemoryPlanner(whole.Module).TryPlan(host, out MemoryPlan? best, out _)
            && !candidates.Exists(candidate => candidate.Strategies == best.Strategies))
        {
            candidates.Add(new(best.Kernel, best.Strategies, best, failure: null));
        }

        PlanCandidate[] sorted =
        [
            .. candidates
                .OrderBy(static candidate => candidate.IsAcceptable ? 0
                    : candidate.IsOpen ? 1
                    : candidate.Plan is not null ? 2
                    : 3)
                .ThenBy(static candidate => candidate.Plan?.ExcludedBytes)
                .ThenBy(static candidate => candidate.Plan?.PamtPages)
                .ThenBy(static candidate => candidate.Strategies.Changes())
                .ThenBy(static candidate => Array.IndexOf(Kernels, candidate.Kernel))
                .ThenBy(static candidate => candidate.Plan?.MaxReservedAreasUsed)
                .ThenBy(static candidate => candidate.Plan?.Tdmrs.Count)
                .ThenBy(static candidate => candidate.Strategies),
        ];
        return new PlanComparison(sorted, Conclude(mainline, sorted[0], whole.Module, doubt), doubt);
    }

    /// <summary>The conclusion.</summary>
    /// <returns><see cref="Sentence"/>.</returns>
    public override string ToString() => Sentence;

    private static PlanCandidate Candidate(ReducedHost host, KernelModel kernel, PlanStrategies strategies)
    {
        if (host.Original.Cmrs.Count == 0
            && (kernel.NeedsCmrs || strategies.Has(PlanStrategies.HolesFromCmrs)))
        {
            return new(kernel, strategies, plan: null, failure: null) { NeedsCmrs = true };
        }

        bool needsDynamicPamt = kernel.UsesDynamicPamt && !host.Module.DynamicPamt;
        if (needsDynamicPamt)
            host = new(host.Original, host.Module with { DynamicPamt = true }, []);
        StrategyConstructor constructor = new(strategies, kernel, host.Module);
        constructor.TryConstruct(host, out MemoryPlan? plan, out TdmrFailure? failure);
        return new(kernel, strategies, plan, failure) { NeedsDynamicPamt = needsDynamicPamt };
    }

    private static string Conclude(PlanCandidate mainline, PlanCandidate best, ModuleParameters module, string? doubt)
    {
        string open = $"it is not known whether mainline works on this machine, because {doubt}; as described it does";
        string fails = $"{(doubt is null ? "mainline fails on this machine" : $"{open} not")} ({mainline.Problem})";
        if (best.NeedsCmrs)
            return $"{fails}; whether {best.Kernel} works is not known, because the CMRs are not known.";
        if (!best.Verdict.IsAcceptable)
        {
            return $"{(doubt is null ? $"mainline fails ({mainline.Problem})" : fails)}, and neither another kernel "
                + "nor any strategy helps.";
        }

        string costs =
            $"{Quantities.Size(best.Plan!.PamtKiB * 1024)} of PAMTs "
            + $"in {best.Plan.Tdmrs.Count} of {module.MaxTdmrs} TDMRs, "
            + $"at most {best.Plan.MaxReservedAreasUsed} of {module.MaxReservedAreas} reserved areas";
        if (best == mainline)
            return $"{(doubt is null ? "mainline works on this machine" : open)}: {costs}.";
        string change = best.Strategies == PlanStrategies.None
            ? $"{best.Kernel} works{(best.NeedsDynamicPamt ? ", if the module has Dynamic PAMT" : " as it is")}"
            : $"it would work with {best.Strategies.Name()}";
        string excluded = best.Plan.ExcludedBytes == 0
            ? "no RAM is excluded"
            : $"{Quantities.Size(best.Plan.ExcludedBytes)} of RAM are excluded, "
                + $"which Linux would have to keep from its page allocator: {best.Plan.ExcludedRam}";
        return $"{fails}; {change}: {costs}; {excluded}.";
    }
}
