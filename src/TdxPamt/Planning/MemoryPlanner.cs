using System.Diagnostics.CodeAnalysis;
using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>Finds the best plan for a machine: the smallest change to Linux with which TDX works on it.</summary>
/// <remarks>
/// <para>It combines <see cref="PlanStrategies"/> over mainline's steps and takes the best by <see cref="PlanOrder"/>.
/// TDMRs are split and joined only where a limit asks for it: joining TDMRs that fit would save a few pages,
/// which is no reason to change a kernel. Within that, the boundaries of TDMRs are the cheapest there are, found by
/// dynamic programming: exactly up to 256 GiB of TDMRs, and to one page per TDMR beyond.</para>
/// <para>The plan is never worse than what mainline or cmr-holes give by themselves. The same machine gives the same
/// plan. Immutable and safe for many threads. Rules: docs/model.md#planning.</para>
/// </remarks>
/// <example>
/// <code>
/// if (new MemoryPlanner().TryPlan(host, out MemoryPlan? plan, out TdmrFailure? failure))
///     Console.WriteLine($"{plan.Strategies.Name()}: {plan.PamtKiB} KiB, {plan.ExcludedBytes} bytes of RAM excluded");
/// else
///     Console.WriteLine(failure.Message);
/// </code>
/// </example>
public sealed class MemoryPlanner
{
    /// <summary>Up to that many TDMRs of the kernel the least PAMT memory is worked out to the page.</summary>
    private const int MaxExactTdmrs = 32;

    private static readonly PlanStrategies[] ByChanges =
    [
        .. Enumerable.Range(0, 1 << (PlanStrategyNames.Each.Count - 1))
            .Select(static bits => (PlanStrategies)bits)
            .OrderBy(static strategies => strategies.Changes()),
    ];

    /// <summary>Makes a planner for a module.</summary>
    /// <param name="module">What the module reports; null for <see cref="ModuleParameters.Default"/>. A maximum of more
    /// than the 16 reserved areas that a TDMR_INFO holds counts as 16.</param>
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
    /// <returns>The best plan, which is acceptable.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> has more than
    /// <see cref="StrategyConstructor.MaxMemoryBlocks"/> memory blocks.</exception>
    /// <exception cref="TdmrConstructionException">There is none.</exception>
    public MemoryPlan Plan(HostMemory host) => TryPlan(host, out MemoryPlan? plan, out TdmrFailure? failure)
        ? plan
        : throw new TdmrConstructionException(failure);

    /// <summary>Plans a machine, or says why that is not possible.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="plan">The best plan, which is acceptable; null on failure.</param>
    /// <param name="failure">Why mainline fails, where not even excluding RAM helps; null on success.</param>
    /// <returns>Whether there is a plan.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> has more than
    /// <see cref="StrategyConstructor.MaxMemoryBlocks"/> memory blocks.</exception>
    public bool TryPlan(
        HostMemory host,
        [NotNullWhen(true)] out MemoryPlan? plan,
        [NotNullWhen(false)] out TdmrFailure? failure)
    {
        ReducedHost whole = new(StrategyConstructor.CheckSize(host), Module, []);
        FeasibilityTest test = new(whole);
        plan = Best(whole, test);
        failure = null;
        if (plan is null && !TryExcludeRam(whole, test, out plan, out failure))
            return false;
        return true;
    }

    /// <summary>What it plans for: <c>up to 64 TDMRs with 16 reserved areas</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"up to {Module.MaxTdmrs} TDMRs with {Module.MaxReservedAreas} reserved areas";

    /// <summary>The best plan that excludes no RAM, or null.</summary>
    private MemoryPlan? Best(ReducedHost host, FeasibilityTest test)
    {
        MemoryPlan? best = null;
        ulong minPages = MinPages(host);
        int changes = 0;
        foreach (PlanStrategies strategies in ByChanges)
        {
            // What has more changes can only be better by needing less PAMT memory.
            if (best is not null && best.PamtPages <= minPages && strategies.Changes() > changes)
                break;
            changes = strategies.Changes();
            if (test.MayWork(strategies))
                best = Better(best, host, strategies);
        }

        return best;
    }

    private bool TryExcludeRam(
        ReducedHost host,
        FeasibilityTest test,
        [NotNullWhen(true)] out MemoryPlan? best,
        [NotNullWhen(false)] out TdmrFailure? failure)
    {
        PlanStrategies all = PlanStrategyNames.All;
        best = Better(Better(null, host, all), host, all & ~PlanStrategies.HolesFromCmrs);
        foreach (PlanStrategies strategies in ByChanges)
        {
            if (strategies.Changes() <= 1 && test.MayWork(strategies | PlanStrategies.ExcludeRam))
                best = Better(best, host, strategies | PlanStrategies.ExcludeRam);
        }

        // Local search: one strategy more or one less, as long as that helps.
        for (MemoryPlan? before = null; best is not null && best != before;)
        {
            before = best;
            foreach (PlanStrategies each in PlanStrategyNames.Each)
            {
                PlanStrategies other = before.Strategies ^ each;
                if (test.MayWork(other))
                    best = Better(best, host, other);
            }
        }

        failure = best is null ? FailureOf(host) : null;
        return best is not null;
    }

    /// <summary>A lower bound on the pages of PAMTs where no RAM is excluded. It is exact but for large hosts that have
    /// to join TDMRs, where it is so low that less would be a matter of rounding.</summary>
    private ulong MinPages(ReducedHost host)
    {
        AddressRange[] tdmrs = host.KernelTdmrs;
        int tooMany = tdmrs.Length - Module.MaxTdmrs;
        if (tooMany <= 0)
            return PartitionCost.PagesOf(tdmrs, Module);
        if (tdmrs.Length <= MaxExactTdmrs)
            return host.Partition([], split: true, join: true).Min.Pages;
        ulong joined = AddressRanges.TotalBytes(tdmrs);
        foreach (ulong gap in tdmrs.Zip(tdmrs.Skip(1), static (left, right) => right.Start - left.End)
            .OrderBy(static gap => gap).Take(tooMany))
        {
            joined += gap;
        }

        return PamtSizes.CalculateUnchecked(joined, Module).TotalPages + (3 * (ulong)Module.MaxTdmrs);
    }

    private MemoryPlan? Construct(ReducedHost host, PlanStrategies strategies, MemoryPlan? best)
    {
        ulong maxExcluded = best?.ExcludedBytes ?? ulong.MaxValue;
        // What adjacent PAMTs take of excluded RAM does not count as excluded.
        if (best is not null && strategies.Has(PlanStrategies.AdjacentPamts))
            maxExcluded += PartitionCost.PagesOf(host.KernelTdmrs, Module) * AddressRange.PageBytes;
        return new StrategyConstructor(strategies, KernelModel.Mainline, Module)
            .TryConstruct(host, maxExcluded, out MemoryPlan? plan, out _) && plan.IsAcceptable
            ? plan
            : null;
    }

    /// <summary>Why mainline fails; where the module rejects what it constructs, the first RAM that
    /// is not convertible.</summary>
    private TdmrFailure FailureOf(ReducedHost host) =>
        new StrategyConstructor(PlanStrategies.None, KernelModel.Mainline, Module)
            .TryConstruct(host, ulong.MaxValue, out _, out TdmrFailure? failure)
            ? TdmrFailures.NotConvertible(host.NotConvertible()[0])
            : failure;

    /// <summary>The best plan so far or that of some strategies, whichever is better.</summary>
    private MemoryPlan? Better(MemoryPlan? best, ReducedHost host, PlanStrategies strategies)
    {
        MemoryPlan? other = Construct(host, strategies, best);
        return PlanOrder.Instance.Compare(other, best) < 0 ? other : best;
    }
}
