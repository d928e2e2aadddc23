using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

/// <summary>A trial forgets gaps that are of no use, which nobody may notice.</summary>
public class KeptGapTests
{
    private const int Trials = 12;

    public static TheoryData<string, double> Machines { get; } = new()
    {
        { "1M..2G, 4G..130G, 130G..256G@1", 0.001 },
        { "1M..2G, 4G..130G, 130G..256G@1", 0.1 },
        { "4G..512G, 512G..1T@1", 0.02 },
        { "4G..512G, 512G..1T@1", 0.3 },
        { "4G..8T", 0.0005 },
        { "4G..8T", 0.5 },
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public void results_are_those_of_trials_that_keep_every_gap(string memory, double unmovable)
    {
        HostMemory host = Machine.Of(memory);
        foreach (AllocatorPolicy policy in AllocatorPolicy.All.Where(static policy => !policy.IsAtBoot))
            ShouldAgree(host, policy, Fragmentation.Uniform(unmovable, 1.2));
    }

    [Fact]
    public void zones_of_their_own_chance_may_lie_between_one_another()
    {
        HostMemory host = Machine.Of("4G..40G, 40G..41G@1, 41G..60G, 60G..96G+1M@1, 96G+1M..160G");
        Fragmentation shares = Fragmentation.FromZones(
            [new(0, MemoryZone.Normal, 100, 1000), new(1, MemoryZone.Normal, 1, 100)]);
        ShouldAgree(host, AllocatorPolicy.Linux, shares);
        ShouldAgree(host, AllocatorPolicy.BestFit, shares);
    }

    [Fact]
    public void where_blocked_ranges_leave_shorter_runs_than_the_smallest_request_more_is_kept()
    {
        BlockedRange[] blocked =
        [
            .. Enumerable.Range(1, 512).Select(static i => new BlockedRange(
                AddressRange.Create((ulong)i << 30, ((ulong)i << 30) + 4096), BlockedKind.Unmovable)),
        ];
        HostMemory host = HostMemory.Create(Machine.Regions("1G..512G"), blocked: blocked);
        ShouldAgree(host, AllocatorPolicy.FirstFit, Fragmentation.Uniform(0.0005));
    }

    private static void ShouldAgree(HostMemory host, AllocatorPolicy policy, Fragmentation fragmentation)
    {
        SimulationResult result = PamtSimulation.Create(host, policy).Run(fragmentation, new() { Trials = Trials });
        TrialTally all = KeepingAll(host, policy, fragmentation);
        result.Success.Successes.Should().Be(all.Successes);
        result.FailuresByTdmr.Should().Equal(all.FailuresByTdmr);
        result.LargestRuns.Should().Be(all.LargestRuns);
    }

    private static TrialTally KeepingAll(HostMemory host, AllocatorPolicy policy, Fragmentation fragmentation)
    {
        FreePageIndex index = policy.CreateIndex(host);
        List<TrialRequest> requests = [];
        TdmrLayout.TryCreate(
            host, KernelModel.Mainline, ModuleParameters.Default, null, null, out TdmrLayout layout, out _);
        while (layout.TryGetNext(out UnplacedTdmr tdmr))
            requests.Add(new(tdmr.Sizes.TotalPages, tdmr.Node, host.FallbackOrder(tdmr.Node).ToArray()));
        TrialRunner runner = new(
            index, policy.CreateAllocator(index), new(host, fragmentation), [.. requests], seed: 1, minGap: 1);
        for (int trial = 0; trial < Trials; trial++)
            runner.Run(trial);
        return runner.Tally;
    }
}
