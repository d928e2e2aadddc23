using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>What every kernel, every strategy and the planner make of a host.</summary>
/// <remarks>Immutable and safe for many threads. Equal by value, except that the host's memory is compared
/// by reference.</remarks>
public sealed record HostComparison
{
    /// <summary>The kernels that differ in what they have room for.</summary>
    private static readonly KernelModel[] HeadroomKernels =
        [KernelModel.Mainline, KernelModel.CmrHoles, KernelModel.CmrHoles2024, KernelModel.V5];

    private HostComparison(
        HostDescription host, ModuleParameters module, PlanComparison plans, ValueList<HeadroomRow> headroom)
    {
        Host = host;
        Module = module;
        Plans = plans;
        Headroom = headroom;
    }

    /// <summary>The host.</summary>
    public HostDescription Host { get; }

    /// <summary>What the module was taken to report.</summary>
    public ModuleParameters Module { get; }

    /// <summary>What had to be assumed, and what is odd about this host, each in one line without a
    /// full stop.</summary>
    public IReadOnlyList<string> Warnings => Host.WarningsFor(KernelModel.Mainline);

    /// <summary>The candidates, cheapest acceptable first.</summary>
    public PlanComparison Plans { get; }

    /// <summary>What to do where mainline fails or has little room left; nothing where it has room.</summary>
    /// <returns>The actions of <see cref="PlanActions.Create"/>.</returns>
    public ValueList<PlanAction> FindActions() => PlanActions.Create(Host.Memory, KernelModel.Mainline, Module);

    /// <summary>How many holes, nodes and GiB a kernel has left, one kernel after the other, for each that differs in
    /// this; none where it was not asked for.</summary>
    public ValueList<HeadroomRow> Headroom { get; }

    /// <summary>Compares what can be done on a host.</summary>
    /// <param name="host">The host; all kernels are compared, whichever it names.</param>
    /// <param name="module">What the module reports; null for what the host says.</param>
    /// <param name="withHeadroom">Whether to compute <see cref="Headroom"/>.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> has more than
    /// <see cref="StrategyConstructor.MaxMemoryBlocks"/> memory blocks.</exception>
    public static HostComparison Create(
        HostDescription host, ModuleParameters? module = null, bool withHeadroom = false)
    {
        Preconditions.NotNull(host, nameof(host));
        module ??= host.Module;
        return new HostComparison(
            host,
            module,
            PlanComparison.Create(
                host.Memory, module, HostPlan.Create(host, KernelModel.Mainline, module).UnknownBecause),
            withHeadroom
                ? [.. HeadroomKernels.SelectMany(kernel => LayoutHeadroom.Create(host.Memory, kernel, module))]
                : default);
    }

    /// <summary>The host and the result of the comparison.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Host.Name}: {Plans}";
}
