using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class TrialRunnerTests
{
    private const ulong Page = 4096;

    [Fact]
    public void a_trial_tells_whether_every_tdmr_found_room()
    {
        // 16 MiB, of which blocks of 8 MiB are handed out.
        HostMemory host = Machine.Of("4G..4G+16M");
        TrialRunner fits = Runner(host, null, 1, new(2048, 0, [0]), new(2048, 0, [0]));
        TrialRunner fails = Runner(host, null, 1, new(2048, 0, [0]), new(2048, 0, [0]), new(1, 0, [0]));

        for (int trial = 0; trial < 2; trial++)
        {
            fits.Run(trial).Should().BeTrue();
            fails.Run(trial).Should().BeFalse();
        }

        (fits.Tally.Trials, fits.Tally.Successes).Should().Be((2, 2));
        (fails.Tally.Trials, fails.Tally.Successes).Should().Be((2, 0));
        fits.Tally.FailuresByTdmr.Should().Equal(0, 0);
        fails.Tally.FailuresByTdmr.Should().Equal(0, 0, 2);
        fails.Tally.LargestRuns.Should().Be(new LargestRuns(16 << 20, 16 << 20, 16 << 20));
    }

    [Fact]
    public void pages_of_another_node_than_the_first_are_counted()
    {
        TrialRunner runner = Runner(
            Machine.Of("4G..4G+8M, 8G..8G+8M@1"), null, 1,
            new(2048, 0, [0, 1]), new(1024, 0, [0, 1]), new(1, 1, [1, 0]));
        runner.Run(0).Should().BeTrue();
        runner.Tally.OffNodePages.Should().Be(1024);
    }

    [Fact]
    public void a_trial_cancelled_while_it_draws_is_not_counted()
    {
        HostMemory host = Machine.Of("4G..5G");
        TrialRunner runner = new(
            FreePageIndex.Create(host),
            AllocatorPolicy.Linux.CreateAllocator(FreePageIndex.Create(host)),
            new(host, Fragmentation.Uniform(0.5)),
            [new(1, 0, [0])],
            seed: 1,
            minGap: 1,
            new CancellationToken(canceled: true));
        runner.Run(0).Should().BeNull();
        runner.Tally.Trials.Should().Be(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(1 << 20)]
    public void shorter_gaps_are_kept_where_none_is_as_long_as_those_that_were(int minGap)
    {
        // Runs of 2047 pages, between pages that are in use.
        HostMemory host = Machine.Of("4G..4G+512M", blocked: string.Join(
            ", ", Enumerable.Range(0, 64).Select(static i => $"4G+{8 * i}M..4G+{8 * i}M+4K")));
        foreach (double unmovable in (double[])[0.01, 0.3, 1])
        {
            PageBlockSampler sampler = new(host, Fragmentation.Uniform(unmovable));
            TrialRunner some = Runner(host, sampler, (ulong)minGap, new TrialRequest(100, 0, [0]));
            TrialRunner all = Runner(host, sampler, 1, new TrialRequest(100, 0, [0]));
            for (int trial = 0; trial < 8; trial++)
                some.Run(trial).Should().Be(all.Run(trial));
            some.Tally.LargestRuns.Should().Be(all.Tally.LargestRuns);
            some.Tally.LargestRuns.MaxBytes.Should().BeLessThanOrEqualTo(2047 * Page);
        }
    }

    private static TrialRunner Runner(
        HostMemory host, PageBlockSampler? sampler, ulong minGap, params TrialRequest[] requests)
    {
        FreePageIndex index = FreePageIndex.Create(host);
        return new(index, AllocatorPolicy.Linux.CreateAllocator(index), sampler, requests, seed: 1, minGap);
    }
}
