using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>What every kernel, every strategy and the planner make of a host.</summary>
/// <remarks>Immutable and safe for many threads. Equal by value, but for the memory, which is the same or another.
/// </remarks>
public sealed record HostComparison
{
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

    /// <summary>The candidates, cheapest acceptable first.</summary>
    public PlanComparison Plans { get; }

    /// <summary>How much more each kernel's own way takes, a kernel after the other; none where it was not asked
    /// for.</summary>
    public ValueList<HeadroomRow> Headroom { get; }

    /// <summary>Compares what can be done on a host.</summary>
    /// <param name="host">The host. The kernel that it names makes no difference: all of them are looked at.</param>
    /// <param name="module">What the module reports; null: as the host says.</param>
    /// <param name="withHeadroom">Whether to work out how many holes, nodes and GiB more each kernel takes.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="host"/> has more than
    /// <see cref="StrategyConstructor.MaxMemoryBlocks"/> memory blocks.</exception>
    public static HostComparison Create(
        HostDescription host, ModuleParameters? module = null, bool withHeadroom = false)
    {
        _ = host ?? throw new ArgumentNullException(nameof(host));
        module ??= host.Module;
        return new HostComparison(
            host,
            module,
            PlanComparison.Create(host.Memory, module),
            withHeadroom
                ? [.. KernelModel.All.SelectMany(kernel => LayoutHeadroom.Create(host.Memory, kernel, module))]
                : default);
    }

    /// <summary>The host, and what the comparison comes to.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Host.Name}: {Plans}";
}
