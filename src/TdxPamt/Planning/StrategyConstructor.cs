using System.Diagnostics.CodeAnalysis;
using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>The kernel's pipeline with strategies that no kernel, or not this one, has.</summary>
/// <remarks>
/// <para>Without strategies it gives what <see cref="TdmrConstructor"/> gives with Linux's page allocator. TDMRs are
/// split or joined, and RAM is given up, only where it does not work otherwise.</para>
/// <para>PAMTs lie in RAM at or above 1 MiB that is not blocked. Immutable and safe for many threads.</para>
/// </remarks>
public sealed class StrategyConstructor
{
    /// <summary>The most memory blocks that a host may have for strategies to be searched: 8192. Searches grow faster
    /// than hosts do, and real machines have some hundreds at most.</summary>
    public const int MaxMemoryBlocks = 8192;

    /// <summary>How often RAM is given up before that is given up; each time for all TDMRs at once.</summary>
    private const int MostRounds = 32;

    private readonly LayoutSearch _search;

    /// <summary>Combines strategies.</summary>
    /// <param name="strategies">Any combination.</param>
    /// <param name="kernel">The kernel whose way they change; null: <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What the module reports; null: <see cref="ModuleParameters.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bit is set that is no strategy's.</exception>
    public StrategyConstructor(
        PlanStrategies strategies, KernelModel? kernel = null, ModuleParameters? module = null)
    {
        Strategies = PlanStrategyNames.Check(strategies);
        Kernel = kernel ?? KernelModel.Mainline;
        Module = module ?? ModuleParameters.Default;
        _search = new(Strategies, Kernel);
    }

    /// <summary>The strategies.</summary>
    public PlanStrategies Strategies { get; }

    /// <summary>The kernel whose way they change.</summary>
    public KernelModel Kernel { get; }

    /// <summary>What the module reports.</summary>
    public ModuleParameters Module { get; }

    /// <summary>Plans the TDMRs of a machine.</summary>
    /// <param name="host">The machine.</param>
    /// <returns>The plan; look at <see cref="MemoryPlan.IsAccepted"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> has more than <see cref="MaxMemoryBlocks"/> memory
    /// blocks.</exception>
    /// <exception cref="TdmrConstructionException">There is none.</exception>
    public MemoryPlan Construct(HostMemory host) =>
        TryConstruct(host, out MemoryPlan? plan, out TdmrFailure? failure)
            ? plan
            : throw new TdmrConstructionException(failure);

    /// <summary>Plans the TDMRs of a machine, or says why that is not possible.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="plan">The plan, which the module need not accept; null on failure.</param>
    /// <param name="failure">Why not; where RAM may be given up, why not without giving any up; null on
    /// success.</param>
    /// <returns>Whether there is a plan.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> has more than <see cref="MaxMemoryBlocks"/> memory
    /// blocks.</exception>
    public bool TryConstruct(
        HostMemory host,
        [NotNullWhen(true)] out MemoryPlan? plan,
        [NotNullWhen(false)] out TdmrFailure? failure) =>
        TryConstruct(
            new PlanHost(CheckSize(host), Module, []), ulong.MaxValue, out plan, out failure);

    /// <summary>Kernel and strategies: <c>mainline merge-areas</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Kernel} {Strategies.Name()}";

    /// <summary>Plans a machine as far as no more than so many bytes are given up, what PAMTs take of them
    /// aside.</summary>
    internal bool TryConstruct(
        PlanHost whole,
        ulong mostGivenUp,
        [NotNullWhen(true)] out MemoryPlan? plan,
        [NotNullWhen(false)] out TdmrFailure? failure)
    {
        PlanHost host = whole;
        bool givesUp = Strategies.Has(PlanStrategies.ExcludeRam);
        if (givesUp)
        {
            AddressRange[] lost = host.NotConvertible();
            if (lost.Length > 0)
                host = host.Without(lost);
        }

        Layout? layout;
        failure = null;
        for (int round = 0; !_search.TryFind(host, out layout, out TdmrFailure? last); round++)
        {
            failure ??= last;
            AddressRange[] cheapest = givesUp && round < MostRounds
                ? RamExclusion.Cheapest(host, layout, last, Strategies, _search.HolesOf(host))
                : [];
            host = host.Without(cheapest);
            if (cheapest.Length == 0 || RangeSet.Bytes(host.ExcludedRam) > mostGivenUp)
            {
                plan = null;
                return false;
            }
        }

        plan = Plan(host, layout!);
        failure = null;
        return true;
    }

    internal static HostMemory CheckSize(HostMemory host) =>
        Preconditions.NotNull(host, nameof(host)).TdxMemoryBlocks.Count <= MaxMemoryBlocks
            ? host
            : throw new ArgumentException($"host must have at most {MaxMemoryBlocks} memory blocks", nameof(host));

    private MemoryPlan Plan(PlanHost host, Layout layout)
    {
        ValueList<TdmrInfo> tdmrs = layout.ToTdmrs();
        return new(
            Kernel,
            Strategies,
            tdmrs,
            new(RangeSet.Subtract(host.ExcludedRam, layout.Chunks)),
            ModuleVerdict.Create(tdmrs.Span, host.Convertible, Module));
    }
}
