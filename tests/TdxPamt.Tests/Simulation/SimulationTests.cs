using System.Diagnostics;
using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class SimulationTests
{
    private const ulong MiB = 1UL << 20;
    private const ulong GiB = 1UL << 30;

    private static readonly int[] ThreadCounts = [1, 2, 3, 7];

    /// <summary>Eight nodes of 768 GiB.</summary>
    private static readonly HostMemory EightNodes = HostMemory.Create(
    [
        Region(0x1000, 0x9f000, 0), Region(0x100000, 0x5d000000, 0), Region(0x5f000000, 0x6a000000, 0),
        .. Enumerable.Range(0, 8).Select(static i =>
            Region((4 + (768 * (ulong)i)) * GiB, (4 + (768 * ((ulong)i + 1))) * GiB, i)),
    ]);

    [Fact]
    public void a_simulation_asks_for_what_the_pipeline_asks_for()
    {
        TdmrConstruction construction = new TdmrConstructor(new LinuxPageAllocator(EightNodes)).Construct(EightNodes);
        PamtSimulation simulation = PamtSimulation.Create(EightNodes);

        simulation.Tdmrs.Should().Equal(construction.Tdmrs.Select(static tdmr => tdmr.Range));
        simulation.PamtPages.Should().Be(construction.PamtPages);
        simulation.Policy.Should().BeSameAs(AllocatorPolicy.Linux);
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(15, 2)]
    [InlineData(23, 3)]
    [InlineData(55, 7)]
    public void a_single_tdmr_succeeds_as_often_as_the_exact_probability_says(int entrySize, int blocksPerCandidate)
    {
        // A 1 GiB TDMR needs 64 pages for each byte of a 4K entry, and 63 + 1 pages for the entries chosen here.
        const int blocks = 40;
        ModuleParameters module = new() { PamtEntrySizes = new(entrySize, 504, 16) };
        HostMemory host = HostMemory.Create([Region(4 * GiB, (4 * GiB) + (blocks * 2 * MiB), 0)]);
        PamtSimulation simulation = PamtSimulation.Create(host, module: module);
        simulation.PamtPages.Should().Be((ulong)blocksPerCandidate * 512);

        foreach (double unmovable in new[] { 0.02, 0.1, 0.3, 0.6 })
        {
            SimulationResult result = simulation.Run(Fragmentation.Uniform(unmovable), new() { Trials = 20_000 });

            double candidate = Math.Pow(1 - unmovable, blocksPerCandidate);
            double expected = 1 - Math.Pow(1 - candidate, blocks / blocksPerCandidate);
            result.Success.Value.Should().BeApproximately(
                expected, (4 * Math.Sqrt(expected * (1 - expected) / 20_000)) + 1e-9);
        }
    }

    [Theory]
    [InlineData(0.2, 3)]
    [InlineData(0.5, 10)]
    [InlineData(0.05, 1.5)]
    public void runs_of_blocks_succeed_as_often_as_their_markov_chain_says(double unmovable, double meanRunLength)
    {
        const int blocks = 30;
        ModuleParameters module = new() { PamtEntrySizes = new(23, 504, 16) };
        HostMemory host = HostMemory.Create([Region(4 * GiB, (4 * GiB) + (blocks * 2 * MiB), 0)]);

        SimulationResult result = PamtSimulation.Create(host, module: module)
            .Run(Fragmentation.Uniform(unmovable, meanRunLength), new() { Trials = 20_000 });

        double expected = 1 - NoFreeCandidate(blocks, 3, unmovable, meanRunLength);
        result.Success.Value.Should().BeApproximately(expected, 4 * Math.Sqrt(expected * (1 - expected) / 20_000));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(0.2, 20)]
    public void every_figure_is_that_of_the_page_by_page_model(double unmovable, int trials)
    {
        HostMemory host = HostMemory.Create(
            [Region(14 * MiB, 40 * MiB, 0), Region(41 * MiB, 60 * MiB, 1), Region(GiB, GiB + (9 * MiB), 1)],
            blocked: [new(AddressRange.Create(20 * MiB, 21 * MiB), BlockedKind.Hugetlb)]);
        foreach (AllocatorPolicy policy in AllocatorPolicy.All)
        {
            ModuleParameters module = new();
            PamtSimulation simulation = PamtSimulation.Create(host, policy, module: module);
            Fragmentation fragmentation = Fragmentation.Uniform(unmovable, 1.5);

            SimulationResult result = simulation.Run(fragmentation, new() { Trials = trials, Seed = 9 });

            SimulationModel model = new(simulation, fragmentation, module, trials, 9);
            result.Success.Should().Be(new Proportion(model.Successes, trials));
            result.FailuresByTdmr.Should().Equal(model.FailuresByTdmr);
            result.OffNodeShare.Should().Be(model.OffNodeShare);
            result.LargestRuns.MinBytes.Should().Be(model.LargestRuns.Min());
            double meanBytes = model.LargestRuns.Average(static run => (double)run);
            result.LargestRuns.MeanBytes.Should().BeApproximately(meanBytes, 1);
            result.LargestRuns.MaxBytes.Should().Be(model.LargestRuns.Max());
            result.IsComplete.Should().BeTrue();
        }
    }

    [Fact]
    public void a_result_is_the_same_on_any_number_of_threads()
    {
        PamtSimulation simulation = PamtSimulation.Create(
            HostMemory.Create([Region(4 * GiB, 20 * GiB, 0), Region(20 * GiB, 36 * GiB, 1)]));
        Fragmentation fragmentation = Fragmentation.Uniform(0.17, 1.1);
        SimulationResult[] results =
        [
            .. ThreadCounts.Select(threads => simulation.Run(
                fragmentation, new() { Trials = 300, Seed = 77, Threads = threads })),
        ];

        results[0].Success.Successes.Should().BeInRange(1, 299);
        results[0].OffNodeShare.Should().BeInRange(0.01, 0.99);
        results.Distinct().Should().ContainSingle();
        simulation.Run(fragmentation, new() { Trials = 300, Seed = 78 }).Should().NotBe(results[0]);
    }

    [Fact]
    public void a_reservation_at_boot_comes_before_fragmentation()
    {
        HostMemory host = HostMemory.Create(
            [Region(4 * GiB, 5 * GiB, 0)],
            blocked: [new(AddressRange.Create(4 * GiB, 5 * GiB), BlockedKind.Hugetlb)]);

        PamtSimulation.Create(host, AllocatorPolicy.BootReservation).Run(Fragmentation.Uniform(1), new() { Trials = 3 })
            .Success.Value.Should().Be(1);
        PamtSimulation.Create(host).Run(Fragmentation.None, new() { Trials = 3 }).Success.Value.Should().Be(0);
    }

    [Fact]
    public void a_cancelled_simulation_keeps_what_is_done_and_leaves_no_thread_behind()
    {
        PamtSimulation simulation = PamtSimulation.Create(HostMemory.Create([Region(4 * GiB, 12 * GiB, 0)]));
        int before = Process.GetCurrentProcess().Threads.Count;
        for (int round = 0; round < 20; round++)
        {
            using CancellationTokenSource cancellation = new();
            SimulationResult result = simulation.Run(
                Fragmentation.Uniform(0.9),
                new() { Trials = int.MaxValue, Threads = 8, Progress = new Callback(_ => cancellation.Cancel()) },
                cancellation.Token);

            result.Trials.Should().BeInRange(1, int.MaxValue - 1);
            result.IsComplete.Should().BeFalse();
            result.RequestedTrials.Should().Be(int.MaxValue);
            (result.Success.Successes + result.FailuresByTdmr.Sum()).Should().Be(result.Trials);
        }

        Process.GetCurrentProcess().Threads.Count.Should().BeLessThan(before + 100);
    }

    [Fact]
    public void a_simulation_cancelled_before_it_starts_has_no_trials()
    {
        SimulationResult result = PamtSimulation.Create(EightNodes)
            .Run(Fragmentation.Uniform(0.001), cancellationToken: new CancellationToken(canceled: true));

        result.Trials.Should().Be(0);
        result.Success.Should().Be(default(Proportion));
        result.LargestRuns.Should().Be(default(LargestRuns));
        result.OffNodeShare.Should().Be(0);
    }

    [Fact]
    public void pages_wanted_on_a_node_without_ram_are_all_off_their_node()
    {
        PamtSimulation simulation = PamtSimulation.Create(EightNodes, nodeLookup: new NodeWithoutRam());

        SimulationResult result = simulation.Run(Fragmentation.None, new() { Trials = 10, Threads = 1 });

        result.Success.Value.Should().Be(1);
        result.OffNodeShare.Should().Be(1);
    }

    [Fact]
    public void a_trial_of_a_large_machine_is_cancelled_while_it_draws()
    {
        PageBlockSampler sampler = new(Machine.Of("0..4P", "0..4P"), Fragmentation.Uniform(0.5));
        RandomStream random = new(seed: 1, trial: 0);
        BusyPages unusable = new();
        sampler.TrySample(ref random, unusable, cancellationToken: new(canceled: true)).Should().BeFalse();
        unusable.Runs.Length.Should().Be(0, "of a billion runs none was drawn");
    }

    [Fact]
    public void progress_is_told_on_the_calling_thread_up_to_the_last_trial()
    {
        List<(int Done, int Thread)> told = [];
        PamtSimulation.Create(HostMemory.Create([Region(4 * GiB, 12 * GiB, 0)])).Run(
            Fragmentation.Uniform(0.001),
            new()
            {
                Trials = 333,
                Threads = 2,
                Progress = new Callback(done => told.Add((done, Environment.CurrentManagedThreadId))),
            });

        told[^1].Done.Should().Be(333);
        told.Select(static it => it.Done).Should().BeInAscendingOrder();
        told.Should().OnlyContain(static it => it.Thread == Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void what_the_progress_callback_throws_reaches_the_caller() =>
        PamtSimulation.Create(EightNodes)
            .Invoking(static simulation => simulation.Run(
                Fragmentation.Uniform(0.001),
                new() { Trials = int.MaxValue, Progress = new Callback(static _ => throw new TimeoutException()) }))
            .Should().Throw<TimeoutException>();

    [Fact]
    public void a_host_without_tdmrs_cannot_be_simulated()
    {
        HostMemory host = HostMemory.Create([Region(0x1000, 0x9f000, 0)]);

        PamtSimulation.TryCreate(host, null, null, null, null, out PamtSimulation? simulation, out TdmrFailure? failure)
            .Should().BeFalse();
        simulation.Should().BeNull();
        failure!.Code.Should().Be(TdmrFailureCode.NoTdxMemory);
        FluentActions.Invoking(() => PamtSimulation.Create(EightNodes, module: new() { MaxTdmrs = 8 }))
            .Should().Throw<TdmrConstructionException>()
            .Which.Failure.Code.Should().Be(TdmrFailureCode.TdmrsExhausted);
    }

    [Fact]
    public void what_is_simulated_and_what_comes_of_it_print_their_numbers()
    {
        PamtSimulation simulation = PamtSimulation.Create(HostMemory.Create([Region(4 * GiB, 5 * GiB, 0)]));
        SimulationOptions options = new() { Trials = 10, Seed = 3, Threads = 2 };

        simulation.ToString().Should().Be("linux: 1027 pages of PAMTs for 1 TDMRs");
        options.ToString().Should().Be("10 trials, seed 3, 2 threads");
    }

    /// <summary>The probability that no candidate of that many blocks is wholly free, block by
    /// block along the chain.</summary>
    private static double NoFreeCandidate(int blocks, int perCandidate, double unmovable, double meanRunLength)
    {
        double runEnds = Math.Min(1 / meanRunLength, 1 - unmovable);
        double gapEnds = runEnds * unmovable / (1 - unmovable);

        // By state of the last block, and whether the current candidate still is free.
        (double lost, double free, double freeSoFar) = (unmovable, 0, 1 - unmovable);
        for (int block = 1; block < blocks; block++)
        {
            double usable = (lost * runEnds) + (free * (1 - gapEnds));
            (lost, free, freeSoFar) = block % perCandidate == 0
                ? (Lost(), 0, usable)
                : (Lost(), usable, freeSoFar * (1 - gapEnds));
            if (block % perCandidate == perCandidate - 1)
                freeSoFar = 0;
        }

        return lost + free;

        double Lost() => (lost * (1 - runEnds)) + ((free + freeSoFar) * gapEnds);
    }

    private static MemoryRegion Region(ulong start, ulong end, int node) => new(AddressRange.Create(start, end), node);

    private sealed class NodeWithoutRam : INodeLookup
    {
        public bool TryGetNode(HostMemory host, AddressRange tdmr, out int node)
        {
            node = host.Nodes[^1] + 1;
            return true;
        }
    }

    private sealed class Callback(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
