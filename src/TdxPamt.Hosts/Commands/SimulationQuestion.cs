using TdxPamt.Simulation;

namespace TdxPamt.Hosts;

/// <summary>What to simulate on a host.</summary>
/// <param name="host">The host.</param>
/// <param name="kernel">The kernel to follow.</param>
/// <param name="module">What the module reports.</param>
/// <param name="policies">How pages are chosen.</param>
/// <param name="fragmentations">The fractions of unmovable page blocks, and what is in use then.</param>
internal sealed class SimulationQuestion(
    HostDescription host,
    KernelModel kernel,
    ModuleParameters module,
    AllocatorPolicy[] policies,
    (double Unmovable, Fragmentation Fragmentation)[] fragmentations)
{
    internal string HostName => host.Name;

    internal AllocatorPolicy[] Policies => policies;

    internal (double Unmovable, Fragmentation Fragmentation)[] Fragmentations => fragmentations;

    /// <summary>The mean length of a run of such blocks, for thresholds.</summary>
    internal double RunLength { get; init; } = 1;

    /// <summary>The probability to find the fraction for; null for none.</summary>
    internal double? Threshold { get; init; }

    /// <summary>What is odd about the question, each in one line without a full stop.</summary>
    internal IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The TDMRs that were simulated; none before there is an answer.</summary>
    internal ValueList<AddressRange> Tdmrs { get; private set; }

    /// <summary>How many 4 KiB pages their PAMTs take; 0 before there is an answer.</summary>
    internal ulong PamtPages { get; private set; }

    /// <summary>The state at boot for a kernel that takes PAMTs then. Where neither input nor option names the kernel,
    /// a question about fragmentation is answered as it was asked.</summary>
    internal static AllocatorPolicy DefaultPolicy(
        HostDescription host, KernelModel? kernel, bool asksForFragmentation)
    {
        bool isKnown = (kernel ?? host.Kernel) is not null;
        bool atBoot = host.KernelOr(kernel).PamtTime == PamtTime.Boot;
        return atBoot && (isKnown || !asksForFragmentation) ? AllocatorPolicy.BootReservation : AllocatorPolicy.Linux;
    }

    /// <summary>Simulates; what is done when it is cancelled is the answer.</summary>
    /// <param name="options">How many trials, and from which seed.</param>
    /// <param name="start">Gets what is simulated next, in words; null reports nothing.</param>
    /// <param name="cancellationToken">Ends it after the trials that run.</param>
    /// <exception cref="ArgumentException">A trial would take too much memory.</exception>
    internal SimulationReport Answer(
        SimulationOptions options, Action<string>? start, CancellationToken cancellationToken)
    {
        List<SimulationPoint> points = [];
        List<SimulationThreshold> thresholds = [];
        SimulationReport report = new(host.Name, kernel, options.Trials, options.Seed)
        {
            Points = points,
            Thresholds = thresholds,
            Warnings = [.. host.Warnings, .. Warnings, .. TimeWarnings()],
        };
        foreach (AllocatorPolicy policy in Policies)
        {
            if (!PamtSimulation.TryCreate(
                    host.Memory, policy, kernel, module, nodeLookup: null,
                    out PamtSimulation? simulation, out TdmrFailure? failure))
            {
                return report with { Failure = failure };
            }

            Tdmrs = simulation.Tdmrs;
            PamtPages = simulation.PamtPages;
            foreach ((double unmovable, Fragmentation fragmentation) in Fragmentations)
            {
                start?.Invoke(FormattableString.Invariant($"{policy} at {unmovable}"));
                SimulationResult result = simulation.Run(fragmentation, options, cancellationToken);
                if (result.Trials > 0)
                    points.Add(new(policy, unmovable, result));
                if (!result.IsComplete)
                    return report with { IsComplete = false };
            }

            if (Threshold is not { } level)
                continue;
            start?.Invoke($"{policy}, threshold");
            UnmovableThreshold found = simulation.FindThreshold(
                level, RunLength, options: options, cancellationToken: cancellationToken);
            if (!found.IsComplete)
                return report with { IsComplete = false };
            thresholds.Add(new(policy, found));
        }

        return report with { Warnings = [.. report.Warnings, .. PlanWarnings()] };
    }

    /// <summary>Warns where the plan fails: trials test for room, not for reserved areas.</summary>
    private IEnumerable<string> PlanWarnings() => HostPlan.Create(host, kernel, module).Failure is { } failure
        ? [$"this kernel fails on the host as it is: {failure.Message}"]
        : [];

    /// <summary>Says where fragmentation comes too late to matter; docs/model.md#kernels.</summary>
    private IEnumerable<string> TimeWarnings() => kernel.PamtTime != PamtTime.Boot ? []
        : Array.TrueForAll(Policies, static policy => policy.IsAtBoot)
            ? [$"kernel {kernel} takes PAMTs at boot, so fragmentation comes too late to matter: this is the state at "
                + "boot, and --allocator linux shows the other"]
            : [$"kernel {kernel} takes PAMTs at boot, so fragmentation comes too late to matter: this is what a kernel "
                + "that takes them later meets"];
}
