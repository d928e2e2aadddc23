using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>Why TDX does or does not start on a machine: the checks in the order in which TDX starts, and what
/// mends the machine.</summary>
/// <remarks>Immutable and safe for many threads. Equal by value, except that the host's memory is
/// compared by reference.</remarks>
public sealed record HostCheckup
{
    private HostCheckup(HostPlan plan, ValueList<HostCheck> checks, ValueList<PlanAction> actions)
    {
        Plan = plan;
        Checks = checks;
        Actions = actions;
    }

    /// <summary>The machine.</summary>
    public HostDescription Host => Plan.Host;

    /// <summary>What the machine's kernel makes of its memory.</summary>
    public HostPlan Plan { get; }

    /// <summary>The checks: BIOS, kernel, module, memory, outcome.</summary>
    public ValueList<HostCheck> Checks { get; }

    /// <summary>What makes the memory fit, or leaves more room, the cheapest first; none where it fits.</summary>
    public ValueList<PlanAction> Actions { get; }

    /// <summary>Whether a check fails.</summary>
    public bool Fails => Checks.Any(static check => check.Result == CheckResult.Fail);

    /// <summary>Checks a machine.</summary>
    /// <param name="host">The machine; what its input does not say is <see cref="CheckResult.Unknown"/>.</param>
    /// <param name="kernel">The kernel to follow; null for the host's or, where the host names
    /// none, <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What the module reports; null for <see cref="HostDescription.ModuleFor"/>.</param>
    /// <returns>The checks and what to do.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public static HostCheckup Create(
        HostDescription host, KernelModel? kernel = null, ModuleParameters? module = null)
    {
        HostPlan plan = HostPlan.Create(host, kernel, module);
        ValueList<PlanAction> actions = plan.FindActions();
        return new(plan, [.. new StartChecks(host).Create(), .. new MemoryChecks(plan, actions).Create()], actions);
    }

    /// <summary>The machine and the first check that fails.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{Host.Name}: {Checks.FirstOrDefault(static check => check.Result == CheckResult.Fail)?.ToString()
            ?? "nothing fails"}";
}
