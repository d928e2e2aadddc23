using System.Diagnostics.CodeAnalysis;
using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>Finds the best plan for a machine: the smallest change to Linux that makes TDX work on it.</summary>
/// <remarks>
/// <para>It combines <see cref="PlanStrategies"/> over mainline's way and takes the best by <see cref="PlanOrder"/>. It
/// splits and joins TDMRs where a limit asks for it and nowhere else: joining TDMRs that fit would save a page here and
/// there, which is no reason to change a kernel. Within that, boundaries of TDMRs are the cheapest there are, found by
/// dynamic programming, exactly up to 256 GiB of TDMRs and to the page of rounding a TDMR beyond.</para>
/// <para>The plan is never worse than mainline's or cmr-holes' own. Same machine, same plan. Immutable and safe for
/// many threads.</para>
/// </remarks>
public sealed class MemoryPlanner
{
    /// <summary>Up to so many TDMRs of the kernel's the least PAMT memory is worked out to the page.</summary>
    private const int FewTdmrs = 32;

    private static readonly PlanStrategies[] ByChanges =
    [
        .. Enumerable.Range(0, 1 << (PlanStrategyNames.Each.Count - 1))
            .Select(static bits => (PlanStrategies)bits)
            .OrderBy(static strategies => strategies.Changes()),
    ];

    /// <summary>Sets the planner up.</summary>
    /// <param name="module">What the module reports; null: <see cref="ModuleParameters.Default"/>. More reserved areas
    /// than the 16 a TDMR_INFO has room for count as 16.</param>
    public MemoryPlanner(ModuleParameters? module = null)
    {
        module ??= ModuleParameters.Default;
        Module = module.MaxReservedAreas <= TdmrInfoEntry.MaxReservedAreas
            ? module
            : module with { MaxReservedAreas = TdmrInfoEntry.MaxReservedAreas };
    }

    /// <summary>What the module reports.</summary>
    public ModuleParameters Module { get; }

    /// <summary>Plans a machine.</summary>
    /// <param name="host">The machine.</param>
    /// <returns>The best plan, which the module accepts.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> has more than
    /// <see cref="StrategyConstructor.MaxMemoryBlocks"/> memory blocks.</exception>
    /// <exception cref="TdmrConstructionException">There is none.</exception>
    public MemoryPlan Plan(HostMemory host) => TryPlan(host, out MemoryPlan? plan, out TdmrFailure? failure)
        ? plan
        : throw new TdmrConstructionException(failure);

    /// <summary>Plans a machine, or says why that is not possible.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="plan">The best plan, which the module accepts; null on failure.</param>
    /// <param name="failure">Why mainline fails, where not even giving RAM up helps; null on success.</param>
    /// <returns>Whether there is a plan.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> has more than
    /// <see cref="StrategyConstructor.MaxMemoryBlocks"/> memory blocks.</exception>
    public bool TryPlan(
        HostMemory host,
        [NotNullWhen(true)] out MemoryPlan? plan,
        [NotNullWhen(false)] out TdmrFailure? failure)
    {
        PlanHost whole = new(StrategyConstructor.CheckSize(host), Module, []);
        PlanSieve sieve = new(whole);
        plan = Best(whole, sieve);
        failure = null;
        if (plan is null && !TryGiveUp(whole, sieve, out plan, out failure))
            return false;
        return true;
    }

    /// <summary>What it plans for: <c>up to 64 TDMRs with 16 reserved areas</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"up to {Module.MaxTdmrs} TDMRs with {Module.MaxReservedAreas} reserved areas";

    /// <summary>The best plan that gives nothing up, or null.</summary>
    private MemoryPlan? Best(PlanHost host, PlanSieve sieve)
    {
        MemoryPlan? best = null;
        ulong leastPages = LeastPages(host);
        int changes = 0;
        foreach (PlanStrategies strategies in ByChanges)
        {
            // What has more changes can only be better by needing less PAMT memory.
            if (best is not null && best.PamtPages <= leastPages && strategies.Changes() > changes)
                break;
            changes = strategies.Changes();
            if (sieve.MayWork(strategies))
                best = Better(best, host, strategies);
        }

        return best;
    }

    private bool TryGiveUp(
        PlanHost host,
        PlanSieve sieve,
        [NotNullWhen(true)] out MemoryPlan? best,
        [NotNullWhen(false)] out TdmrFailure? failure)
    {
        PlanStrategies all = PlanStrategyNames.All;
        best = Better(Better(null, host, all), host, all & ~PlanStrategies.HolesFromCmrs);
        foreach (PlanStrategies strategies in ByChanges)
        {
            if (strategies.Changes() <= 1 && sieve.MayWork(strategies | PlanStrategies.ExcludeRam))
                best = Better(best, host, strategies | PlanStrategies.ExcludeRam);
        }

        // One strategy more or one less, as long as that helps.
        for (MemoryPlan? before = null; best is not null && best != before;)
        {
            before = best;
            foreach (PlanStrategies each in PlanStrategyNames.Each)
            {
                PlanStrategies other = before.Strategies ^ each;
                if (sieve.MayWork(other))
                    best = Better(best, host, other);
            }
        }

        failure = best is null ? FailureOf(host) : null;
        return best is not null;
    }

    /// <summary>The fewest pages that PAMTs can take where no RAM is given up; on large hosts that have to join TDMRs,
    /// so few that less would be a matter of rounding.</summary>
    private ulong LeastPages(PlanHost host)
    {
        AddressRange[] cover = host.KernelCover;
        int tooMany = cover.Length - Module.MaxTdmrs;
        if (tooMany <= 0)
            return CoverSearch.PagesOf(cover, Module);
        if (cover.Length <= FewTdmrs)
            return new CoverSearch(cover, [], Module, split: true, join: true).Least.Pages;
        ulong joined = RangeSet.Bytes(cover);
        foreach (ulong gap in cover.Zip(cover.Skip(1), static (left, right) => right.Start - left.End)
            .OrderBy(static gap => gap).Take(tooMany))
        {
            joined += gap;
        }

        return PamtSizes.CalculateUnchecked(joined, Module).TotalPages + (3 * (ulong)Module.MaxTdmrs);
    }

    private MemoryPlan? Construct(PlanHost host, PlanStrategies strategies, MemoryPlan? best)
    {
        ulong most = best?.ExcludedBytes ?? ulong.MaxValue;
        // What touching PAMTs take of RAM that is given up is not lost.
        if (best is not null && strategies.Has(PlanStrategies.AdjacentPamts))
            most += CoverSearch.PagesOf(host.KernelCover, Module) * AddressRange.PageBytes;
        return new StrategyConstructor(strategies, KernelModel.Mainline, Module)
            .TryConstruct(host, most, out MemoryPlan? plan, out _) && plan.IsAccepted
            ? plan
            : null;
    }

    /// <summary>Why mainline fails; where the module refuses what it constructs, the first RAM that is not
    /// convertible.</summary>
    private TdmrFailure FailureOf(PlanHost host) =>
        new StrategyConstructor(PlanStrategies.None, KernelModel.Mainline, Module)
            .TryConstruct(host, ulong.MaxValue, out _, out TdmrFailure? failure)
            ? TdmrFailures.NotConvertible(host.NotConvertible()[0])
            : failure;

    /// <summary>The best plan so far or that of some strategies, whichever is better.</summary>
    private MemoryPlan? Better(MemoryPlan? best, PlanHost host, PlanStrategies strategies)
    {
        MemoryPlan? other = Construct(host, strategies, best);
        return PlanOrder.Instance.Compare(other, best) < 0 ? other : best;
    }
}
