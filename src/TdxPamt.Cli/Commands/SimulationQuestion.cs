using TdxPamt.Hosts;
using TdxPamt.Simulation;

namespace TdxPamt.Cli;

/// <summary>What to simulate on a host.</summary>
internal sealed class SimulationQuestion(HostDescription host, KernelModel kernel, ModuleParameters module)
{
    internal required AllocatorPolicy[] Policies { get; init; }

    internal required (double Unmovable, Fragmentation Fragmentation)[] Fragmentations { get; init; }

    internal required double RunLength { get; init; }

    internal required double? Threshold { get; init; }

    /// <summary>What is odd about the question, each in one line without a full stop.</summary>
    internal IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The TDMRs that were simulated; none before there is an answer.</summary>
    internal ValueList<AddressRange> Tdmrs { get; private set; }

    /// <summary>How many 4 KiB pages their PAMTs take; 0 before there is an answer.</summary>
    internal ulong PamtPages { get; private set; }

    /// <summary>Simulates, and shows the progress unless <paramref name="line"/> is null.</summary>
    internal SimulationReport Answer(SimulationOptions options, ProgressLine? line, CancellationToken interrupt)
    {
        int runs = Policies.Length * Fragmentations.Length;
        TrialProgress? progress = line is null ? null : new(line, options.Trials, Threshold is null ? runs : null);
        try
        {
            return Answer(options with { Progress = progress }, progress, interrupt);
        }
        catch (ArgumentException tooLarge)
        {
            throw new IOException($"{host.Name}: {tooLarge.Message}", tooLarge);
        }
        finally
        {
            line?.Clear();
        }
    }

    private SimulationReport Answer(SimulationOptions options, TrialProgress? progress, CancellationToken interrupt)
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
                progress?.Start(FormattableString.Invariant($"{policy} at {unmovable}"));
                SimulationResult result = simulation.Run(fragmentation, options, interrupt);
                if (result.Trials > 0)
                    points.Add(new(policy, unmovable, result));
                if (!result.IsComplete)
                    return report with { IsComplete = false };
            }

            if (Threshold is not { } level)
                continue;
            progress?.Start($"{policy}, threshold");
            UnmovableThreshold found = simulation.FindThreshold(
                level, RunLength, options: options, cancellationToken: interrupt);
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
