using System.Diagnostics.CodeAnalysis;
using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>Finds the best plan for a machine: the smallest change to Linux with which TDX works on it.</summary>
/// <remarks>
/// <para>Where mainline works, its plan is mainline's own. Otherwise it is the best by <see cref="PlanOrder"/> that any
/// combination of <see cref="PlanStrategies"/> over mainline's steps gives. On hosts of more than 256 memory blocks not
/// every one with <see cref="PlanStrategies.ExcludeRam"/> is tried, and after 50 million comparisons none of two
/// or more strategies but for a few that mostly win.</para>
/// <para>The plan is never worse than what mainline or cmr-holes give by themselves. The same machine gives the same
/// plan. Immutable and safe for many threads. Rules: docs/model.md#planning.</para>
/// </remarks>
/// <example>
/// <code>
/// if (new MemoryPlanner().TryPlan(machine.Memory, out MemoryPlan? best, out TdmrFailure? problem))
///     Console.WriteLine($"{best.Strategies.Name()}: {best.PamtKiB} KiB, {best.ExcludedBytes} bytes of RAM excluded");
/// else
///     Console.WriteLine(problem.Message);
/// </code>
/// </example>
public sealed class MemoryPlanner
{
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
    /// <exception cref="TdmrConstructionException">There is none.</exception>
    public MemoryPlan Plan(HostMemory host) => TryPlan(host, out MemoryPlan? plan, out TdmrFailure? failure)
        ? plan
        : throw new TdmrConstructionException(failure);

    /// <summary>Plans a machine, or says why that is not possible.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="plan">The best plan, which is acceptable; null on failure.</param>
    /// <param name="failure">Why mainline fails, where not even excluding RAM helps, or that there are too many
    /// memory blocks to search; null on success.</param>
    /// <returns>Whether there is a plan.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public bool TryPlan(
        HostMemory host,
        [NotNullWhen(true)] out MemoryPlan? plan,
        [NotNullWhen(false)] out TdmrFailure? failure)
    {
        plan = null;
        failure = StrategyConstructor.WhyTooLarge(host);
        if (failure is not null)
            return false;
        ReducedHost whole = new(host, Module, []);
        plan = new PlanSearch(whole).Run();
        failure = plan is null ? FailureOf(whole) : null;
        return plan is not null;
    }

    /// <summary>What it plans for: <c>up to 64 TDMRs with 16 reserved areas</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"up to {Module.MaxTdmrs} TDMRs with {Module.MaxReservedAreas} reserved areas";

    /// <summary>Why mainline fails; where the module rejects what it constructs, the first RAM that
    /// is not convertible.</summary>
    private TdmrFailure FailureOf(ReducedHost host) =>
        new StrategyConstructor(PlanStrategies.None, KernelModel.Mainline, Module)
            .TryConstruct(host, out _, out TdmrFailure? failure)
            ? TdmrFailures.NotConvertible(host.NotConvertible()[0])
            : failure;
}
