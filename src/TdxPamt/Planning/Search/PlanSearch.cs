namespace TdxPamt.Planning;

/// <summary>Looks for the best plan of a machine by <see cref="PlanOrder"/>: every combination of strategies that
/// can be better than the best one so far is tried, those first that mostly win.</summary>
internal sealed class PlanSearch(ReducedHost whole)
{
    /// <summary>Up to that many memory blocks every combination that may exclude RAM is tried; beyond, only
    /// some of them.</summary>
    internal const int MaxExactBlocks = 256;

    /// <summary>After that many steps only combinations that mostly win are tried.</summary>
    internal const long MaxSteps = 50_000_000;

    private static readonly PlanStrategies[] ByChanges =
    [
        .. Enumerable.Range(0, 1 << (PlanStrategyNames.Each.Count - 1))
            .Select(static bits => (PlanStrategies)bits)
            .OrderBy(static strategies => strategies.Changes()),
    ];

    private readonly FeasibilityTest _test = new(whole);
    private readonly PlanBounds _bounds = new(whole);

    /// <summary>The first layout of each combination, which is the same whether RAM may be excluded or not; none for
    /// one that works, as it never excludes any.</summary>
    private readonly Dictionary<PlanStrategies, LayoutResult?> _first = [];
    private readonly HashSet<PlanStrategies> _tried = [];
    private readonly long _maxSteps = whole.Steps.Taken + MaxSteps;
    private MemoryPlan? _best;

    /// <summary>Looks for the plan; null where there is none.</summary>
    internal MemoryPlan? Run()
    {
        foreach (PlanStrategies strategies in ByChanges)
        {
            if (!HasTime && strategies.Changes() > 1)
                break;
            if (_test.MayWork(strategies) && CanBeBetter(strategies))
                Try(whole, strategies);
            // Where the kernel's own steps work, nothing has to change.
            if (_best is { Strategies: PlanStrategies.None })
                return _best;
        }

        // Where a plan excludes no RAM, one that excludes nothing but the pages of PAMTs can take less PAMT memory.
        if (_best is not null && !IsExact)
            return _best;
        if (whole.TryExcludeNotConvertible(out ReducedHost convertible))
            ExcludeRam(convertible);
        return _best;
    }

    private bool HasTime => whole.Steps.Taken < _maxSteps;

    private bool IsExact => whole.Original.TdxMemoryBlocks.Count <= MaxExactBlocks && HasTime;

    private void ExcludeRam(ReducedHost host)
    {
        PlanStrategies all = PlanStrategyNames.All;
        Try(host, all);
        Try(host, all & ~PlanStrategies.HolesFromCmrs);
        foreach (PlanStrategies each in PlanStrategyNames.Each)
        {
            if (HasTime)
                Try(host, each | PlanStrategies.ExcludeRam);
        }

        // Local search: one strategy more or one less, as long as that helps.
        for (MemoryPlan? before = null; _best is not null && _best != before && HasTime;)
        {
            before = _best;
            foreach (PlanStrategies each in PlanStrategyNames.Each)
                Try(host, (before.Strategies ^ each) | PlanStrategies.ExcludeRam);
        }

        foreach (PlanStrategies strategies in ByChanges)
        {
            if (IsExact)
                Try(host, strategies | PlanStrategies.ExcludeRam);
        }
    }

    /// <summary>Whether a combination that excludes no RAM can be better although the best has fewer changes: by less
    /// PAMT memory.</summary>
    private bool CanBeBetter(PlanStrategies strategies)
    {
        if (_best is null)
            return true;
        ulong min = _bounds.MinPages(strategies);
        return min < _best.PamtPages || (min == _best.PamtPages && strategies.Changes() == _best.Changes);
    }

    private void Try(ReducedHost host, PlanStrategies strategies)
    {
        if (!_tried.Add(strategies) || !_test.MayWork(strategies))
            return;
        bool excludes = strategies.Has(PlanStrategies.ExcludeRam);
        PlanStrategies others = strategies & ~PlanStrategies.ExcludeRam;
        if (!_first.TryGetValue(others, out LayoutResult? first))
        {
            first = new LayoutSearch(host, others, KernelModel.Mainline).Run();
            if (host == whole)
                _first.Add(others, first.Value.Failure is null ? null : first);
        }

        if (first is { } layout
            && new StrategyConstructor(strategies, KernelModel.Mainline, host.Module).TryConstruct(
                host, layout, excludes ? MaxExcluded(strategies) : 0, out MemoryPlan? plan, out _)
            && plan.IsAcceptable)
        {
            int order = PlanOrder.Instance.Compare(plan, _best);
            if (order < 0 || (order == 0 && strategies < _best!.Strategies))
                _best = plan;
        }
    }

    /// <summary>How many bytes a combination may exclude to be better. Adjacent PAMTs may lie in excluded RAM, which
    /// then does not count as excluded.</summary>
    private ulong MaxExcluded(PlanStrategies strategies) => _best is null ? ulong.MaxValue
        : strategies.Has(PlanStrategies.AdjacentPamts) ? _best.ExcludedBytes + _bounds.MaxPamtBytes
        : _best.ExcludedBytes;
}
