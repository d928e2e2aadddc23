using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Simulation;

/// <summary>How likely the PAMTs of a machine still find room once its memory is in
/// use; docs/model.md#fragmentation.</summary>
/// <remarks>
/// <para>A trial draws unusable page blocks as <see cref="Fragmentation"/> says, then allocates the PAMTs of
/// all TDMRs: sizes, nodes and order are the kernel's, the choice of pages the policy's. It succeeds if every
/// TDMR finds room.</para>
/// <para>The trial's number and the seed decide all that is random, so a result is the same on any number of threads.
/// Immutable and safe for many threads.</para>
/// </remarks>
/// <example><code>
/// PamtSimulation simulation = PamtSimulation.Create(host);
/// SimulationResult result = simulation.Run(Fragmentation.Uniform(0.1), new() { Trials = 1000, Seed = 1 });
/// Console.WriteLine($"{result.Success} of trials succeed"); // the share and its 95 % interval
/// UnmovableThreshold threshold = simulation.FindThreshold(level: 0.99);
/// Console.WriteLine($"99 % do up to {threshold.Unmovable:P1} of unmovable page blocks");
/// </code></example>
public sealed class PamtSimulation
{
    private readonly FreePageIndex _index;
    private readonly TrialRequest[] _requests;
    private readonly KernelModel _kernel;
    private readonly ulong _smallestRequest;

    private PamtSimulation(
        HostMemory host, AllocatorPolicy policy, KernelModel kernel, AddressRange[] tdmrs, TrialRequest[] requests)
    {
        Host = host;
        Policy = policy;
        _kernel = kernel;
        Tdmrs = new(tdmrs);
        _index = policy.CreateIndex(host);
        _requests = requests;
        _smallestRequest = ulong.MaxValue;
        foreach (TrialRequest request in requests)
        {
            PamtPages += request.Pages;
            _smallestRequest = Math.Min(_smallestRequest, request.Pages);
        }
    }

    /// <summary>The machine.</summary>
    public HostMemory Host { get; }

    /// <summary>How pages are chosen. A policy that allocates at boot does so before anything is fragmented.</summary>
    public AllocatorPolicy Policy { get; }

    /// <summary>The TDMRs whose PAMTs are allocated, in this order.</summary>
    public ValueList<AddressRange> Tdmrs { get; }

    /// <summary>How many 4 KiB pages their PAMTs need.</summary>
    public ulong PamtPages { get; }

    /// <summary>Makes a simulation.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="policy">How pages are chosen; null: <see cref="AllocatorPolicy.Linux"/>.</param>
    /// <param name="kernel">The kernel; null: <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What the module reports; null: <see cref="ModuleParameters.Default"/>.</param>
    /// <param name="nodeLookup">Finds the node of a TDMR; null: <see cref="FirstBlockNodeLookup"/>.</param>
    /// <returns>The simulation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The node look-up found a node that is not 0 to 1023.</exception>
    /// <exception cref="TdmrConstructionException">The machine's TDMRs cannot be constructed, whatever
    /// pages are free.</exception>
    public static PamtSimulation Create(
        HostMemory host,
        AllocatorPolicy? policy = null,
        KernelModel? kernel = null,
        ModuleParameters? module = null,
        INodeLookup? nodeLookup = null) =>
        TryCreate(host, policy, kernel, module, nodeLookup, out PamtSimulation? simulation, out TdmrFailure? failure)
            ? simulation
            : throw new TdmrConstructionException(failure);

    /// <summary>Makes a simulation, or says why the machine's TDMRs cannot be constructed.</summary>
    /// <param name="host">As for <see cref="Create"/>.</param>
    /// <param name="policy">As for <see cref="Create"/>.</param>
    /// <param name="kernel">As for <see cref="Create"/>.</param>
    /// <param name="module">As for <see cref="Create"/>.</param>
    /// <param name="nodeLookup">As for <see cref="Create"/>.</param>
    /// <param name="simulation">The simulation, or null.</param>
    /// <param name="failure">Why the machine's TDMRs cannot be constructed, or null.</param>
    /// <returns>Whether there is a simulation.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The node look-up found a node that is not 0 to 1023.</exception>
    public static bool TryCreate(
        HostMemory host,
        AllocatorPolicy? policy,
        KernelModel? kernel,
        ModuleParameters? module,
        INodeLookup? nodeLookup,
        [NotNullWhen(true)] out PamtSimulation? simulation,
        [NotNullWhen(false)] out TdmrFailure? failure)
    {
        Preconditions.NotNull(host, nameof(host));
        kernel ??= KernelModel.Mainline;
        simulation = null;
        if (!TdmrLayout.TryCreate(
            host,
            kernel,
            module ?? ModuleParameters.Default,
            nodeLookup,
            logger: null,
            out TdmrLayout layout,
            out failure))
        {
            return false;
        }

        List<AddressRange> tdmrs = [];
        List<TrialRequest> requests = [];
        while (layout.TryGetNext(out UnplacedTdmr tdmr))
        {
            tdmrs.Add(tdmr.Range);
            requests.Add(new(tdmr.Sizes.TotalPages, tdmr.Node, host.FallbackOrder(tdmr.Node).ToArray()));
        }

        simulation = new PamtSimulation(
            host, policy ?? AllocatorPolicy.Linux, kernel, [.. tdmrs], [.. requests]);
        return true;
    }

    /// <summary>Runs trials.</summary>
    /// <param name="fragmentation">How memory is fragmented; ignored by a policy that allocates at boot.</param>
    /// <param name="options">How many trials, with which seed, on how many threads;
    /// null: <see cref="SimulationOptions.Default"/>.</param>
    /// <param name="cancellationToken">Ends the simulation, and the trials that still draw page blocks; those that
    /// are done are the result.</param>
    /// <returns>The result of the trials.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fragmentation"/> is null.</exception>
    /// <exception cref="ArgumentException">Zones' shares are given, but none for a node of the host; or a trial would
    /// have more than 3,145,728 gaps between unusable page blocks on average that have room for the smallest PAMTs, as
    /// a machine of 128 TiB with a TDMR of 1 GiB may have.</exception>
    public SimulationResult Run(
        Fragmentation fragmentation, SimulationOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= SimulationOptions.Default;
        TrialTally tally = RunTrials(fragmentation, options, int.MaxValue, cancellationToken);
        return new SimulationResult(tally, options.Trials, PamtPages);
    }

    /// <summary>Finds the fraction of unmovable page blocks up to which the PAMTs find room.</summary>
    /// <param name="level">The probability of success that is wanted, above 0 and below 1.</param>
    /// <param name="meanRunLength">The mean length L of a run of unusable blocks, in blocks, 1 or more.</param>
    /// <param name="precision">The width of the interval that the search ends with, as a share of the fraction,
    /// 0.0001 to 1.</param>
    /// <param name="options">How many trials for each fraction that is tried, with which seed, on how many threads;
    /// null: <see cref="SimulationOptions.Default"/>.</param>
    /// <param name="cancellationToken">Ends the search; what is known by then is the result.</param>
    /// <returns>The fraction and its uncertainty.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in its interval.</exception>
    /// <exception cref="ArgumentException">A trial of a fraction that is tried would have too many gaps between
    /// unusable page blocks, as for <see cref="Run"/>.</exception>
    public UnmovableThreshold FindThreshold(
        double level = 0.999,
        double meanRunLength = 1,
        double precision = 0.01,
        SimulationOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "level must be above 0 and below 1");
        if (!(precision >= 0.0001 && precision <= 1))
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "precision must be from 0.0001 to 1");
        options ??= SimulationOptions.Default;
        double smallest = 1.0 / new PageBlockSampler(Host, Fragmentation.None).PageBlocks;
        ThresholdSearch search = new(level, precision, smallest, options.Trials, CountFailures);
        return search.Run();

        int? CountFailures(double unmovable, int maxFailures)
        {
            TrialTally tally = RunTrials(
                Fragmentation.Uniform(unmovable, meanRunLength), options, maxFailures, cancellationToken);
            int failures = tally.Trials - tally.Successes;
            return tally.Trials < options.Trials && failures <= maxFailures ? null : failures;
        }
    }

    /// <summary>What is simulated: <c>linux: 262661 pages of PAMTs for 5 TDMRs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Policy}: {PamtPages} pages of PAMTs for {Tdmrs.Count} TDMRs";

    /// <summary>As many threads as asked for, or fewer, so that their trials together keep no more runs than
    /// one trial may.</summary>
    private static int ThreadsFor(PageBlockSampler? sampler, ulong minGap, int threads) =>
        sampler?.ExpectedRuns(minGap) is > 0 and double runs
            ? Math.Max(1, (int)Math.Min(threads, PageBlockSampler.MaxRuns / runs))
            : threads;

    private TrialTally RunTrials(
        Fragmentation fragmentation, SimulationOptions options, int maxFailures, CancellationToken cancellationToken)
    {
        Preconditions.NotNull(fragmentation, nameof(fragmentation));
        PageBlockSampler? sampler = Policy.IsAtBoot ? null : new(Host, fragmentation);
        ulong minGap = sampler?.MinGap(_smallestRequest) ?? 1;
        sampler?.ThrowIfTooMany(minGap);
        TrialPool pool = new(
            () => new TrialRunner(
                _index,
                Policy.CreateAllocator(_index, _kernel.MovesHugetlb),
                sampler,
                _requests,
                options.Seed,
                minGap,
                cancellationToken),
            options with { Threads = ThreadsFor(sampler, minGap, options.Threads) },
            maxFailures,
            cancellationToken);
        return pool.Run();
    }
}
