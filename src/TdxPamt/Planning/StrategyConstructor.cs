using System.Diagnostics.CodeAnalysis;
using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>A kernel's steps, changed by strategies.</summary>
/// <remarks>
/// <para>Without strategies it gives what <see cref="TdmrConstructor"/> gives with a <see cref="LinuxPageAllocator"/>.
/// TDMRs are split or joined, and RAM is excluded, only where a plan fails without that.</para>
/// <para>PAMTs lie in RAM at or above 1 MiB that is not blocked. Immutable and safe for many
/// threads. Rules: docs/model.md#planning.</para>
/// </remarks>
public sealed class StrategyConstructor
{
    /// <summary>The most memory blocks that a host may have for strategies to be searched: 8192. The time of a search
    /// grows faster than the number of blocks, and real machines have some hundreds at most.</summary>
    public const int MaxMemoryBlocks = 8192;

    /// <summary>In how many rounds RAM is excluded at most, each for all TDMRs at once.</summary>
    private const int MaxRounds = 32;

    /// <summary>After that many comparisons no further RAM is excluded.</summary>
    private const long MaxSteps = 20_000_000;

    /// <summary>Combines strategies.</summary>
    /// <param name="strategies">Any combination.</param>
    /// <param name="kernel">The kernel whose steps they change; null for <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What the module reports; null for <see cref="ModuleParameters.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bit is set that belongs to no strategy.</exception>
    public StrategyConstructor(
        PlanStrategies strategies, KernelModel? kernel = null, ModuleParameters? module = null)
    {
        Strategies = PlanStrategyNames.Check(strategies);
        Kernel = kernel ?? KernelModel.Mainline;
        Module = module ?? ModuleParameters.Default;
    }

    /// <summary>The strategies.</summary>
    public PlanStrategies Strategies { get; }

    /// <summary>The kernel whose steps they change.</summary>
    public KernelModel Kernel { get; }

    /// <summary>What the module reports.</summary>
    public ModuleParameters Module { get; }

    /// <summary>Plans the TDMRs of a machine.</summary>
    /// <param name="host">The machine.</param>
    /// <returns>The plan; look at <see cref="MemoryPlan.IsAcceptable"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="TdmrConstructionException">There is none.</exception>
    public MemoryPlan Construct(HostMemory host) =>
        TryConstruct(host, out MemoryPlan? plan, out TdmrFailure? failure)
            ? plan
            : throw new TdmrConstructionException(failure);

    /// <summary>Plans the TDMRs of a machine, or says why that is not possible.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="plan">The plan, which the module need not accept; null on failure.</param>
    /// <param name="failure">Why not; with <see cref="PlanStrategies.ExcludeRam"/>, why not without excluding any RAM;
    /// null on success.</param>
    /// <returns>Whether there is a plan.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public bool TryConstruct(
        HostMemory host,
        [NotNullWhen(true)] out MemoryPlan? plan,
        [NotNullWhen(false)] out TdmrFailure? failure)
    {
        plan = null;
        failure = WhyTooLarge(host);
        return failure is null && TryConstruct(new ReducedHost(host, Module, []), out plan, out failure);
    }

    /// <summary>Kernel and strategies: <c>mainline merge-areas</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Kernel} {Strategies.Name()}";

    internal bool TryConstruct(
        ReducedHost host,
        [NotNullWhen(true)] out MemoryPlan? plan,
        [NotNullWhen(false)] out TdmrFailure? failure)
    {
        if (Strategies.Has(PlanStrategies.ExcludeRam) && !host.TryExcludeNotConvertible(out host))
        {
            plan = null;
            failure = TdmrFailures.NotConvertible(host.NotConvertible()[0]);
            return false;
        }

        LayoutResult first = new LayoutSearch(host, Strategies, Kernel).Run();
        return TryConstruct(host, first, ulong.MaxValue, out plan, out failure);
    }

    /// <summary>Plans a machine whose first layout was searched already; fails where more than a number of bytes of RAM
    /// would have to be excluded, those that PAMTs would take of them included.</summary>
    internal bool TryConstruct(
        ReducedHost host,
        LayoutResult first,
        ulong maxExcluded,
        [NotNullWhen(true)] out MemoryPlan? plan,
        [NotNullWhen(false)] out TdmrFailure? failure)
    {
        plan = null;
        failure = null;
        bool excludes = Strategies.Has(PlanStrategies.ExcludeRam);
        long maxSteps = host.Steps.Taken + MaxSteps;
        LayoutResult result = first;
        for (int round = 0; result.Failure is { } last; round++)
        {
            AddressRange[] cheapest = excludes && round < MaxRounds && host.Steps.Taken < maxSteps
                ? RamExclusion.Cheapest(host, result.Layout, last, Strategies, host.Holes(Kernel, Strategies))
                : [];
            failure ??= last;
            if (cheapest.Length == 0 || host.ExcludedBytesWith(cheapest) > maxExcluded)
                return false;
            host = host.Without(cheapest);
            result = new LayoutSearch(host, Strategies, Kernel).Run();
        }

        plan = Plan(host, result.Layout!);
        failure = null;
        return true;
    }

    /// <summary>Why a machine is not searched; null where it is.</summary>
    internal static TdmrFailure? WhyTooLarge(HostMemory host)
    {
        int blocks = Preconditions.NotNull(host, nameof(host)).TdxMemoryBlocks.Count;
        return blocks > MaxMemoryBlocks ? TdmrFailures.TooManyMemoryBlocks(blocks, MaxMemoryBlocks) : null;
    }

    private MemoryPlan Plan(ReducedHost host, Layout layout)
    {
        ValueList<TdmrInfo> tdmrs = layout.ToTdmrs();
        AddressRange[] excluded = Kernel.TakesHolesFromCmrs
            ? AddressRanges.Union(host.ExcludedRam, host.Original.OutsideCmrs.Span)
            : host.ExcludedRam;
        return new(
            Kernel,
            Strategies,
            tdmrs,
            new(AddressRanges.Subtract(excluded, layout.Chunks)),
            ModuleVerdict.Create(tdmrs.Span, host.Original, Module));
    }
}
