using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class TrialPoolTests
{
    private readonly List<TrialRunner> _runners = [];

    [Theory]
    [InlineData(1, 8, 1)]
    [InlineData(16, 8, 1)]
    [InlineData(17, 8, 2)]
    [InlineData(48, 8, 3)]
    [InlineData(49, 8, 4)]
    [InlineData(1000, 3, 3)]
    public void there_are_no_more_threads_than_batches_of_sixteen_trials(int trials, int threads, int runners)
    {
        Run(new() { Trials = trials, Threads = threads }).Trials.Should().Be(trials);
        _runners.Should().HaveCount(runners);
    }

    [Fact]
    public void what_another_thread_ran_is_added_up()
    {
        // After its first batch, the calling thread waits for the other to run all that are left.
        Callback progress = new(_ => SpinWait.SpinUntil(
            () => _runners.Sum(static runner => runner.Tally.Trials) == 160, millisecondsTimeout: 10_000));

        TrialTally tally = Run(new() { Trials = 160, Threads = 2, Progress = progress });

        (tally.Trials, tally.Successes).Should().Be((160, 160));
        _runners[1].Tally.Trials.Should().BeGreaterThanOrEqualTo(144);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(32, 16, 32, 32)]
    [InlineData(40, 16, 32, 40, 40)]
    public void progress_is_told_after_every_batch_and_at_the_end(int trials, params int[] done)
    {
        List<int> told = [];
        Run(new() { Trials = trials, Threads = 1, Progress = new Callback(told.Add) });
        told.Should().Equal(done);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 6)]
    [InlineData(15, 16)]
    [InlineData(16, 17)]
    [InlineData(99, 100)]
    [InlineData(int.MaxValue, 100)]
    public void trials_end_with_the_first_failure_above_the_maximum(int maxFailures, int trials)
    {
        TrialTally tally = Run(new() { Trials = 100, Threads = 1 }, pages: 1 << 20, maxFailures);
        (tally.Trials, tally.Successes).Should().Be((trials, 0));
    }

    [Fact]
    public void trials_end_where_they_are_cancelled()
    {
        using CancellationTokenSource cancellation = new();
        TrialTally tally = Run(
            new() { Trials = 100, Threads = 1, Progress = new Callback(_ => cancellation.Cancel()) },
            cancellationToken: cancellation.Token);
        tally.Trials.Should().Be(16);
    }

    [Fact]
    public void what_is_thrown_on_a_thread_reaches_the_caller_and_ends_the_trials()
    {
        int calls = 0;
        Callback progress = new(_ =>
        {
            calls++;
            throw new TimeoutException();
        });
        this.Invoking(it => it.Run(new() { Trials = 1000, Threads = 1, Progress = progress }))
            .Should().Throw<TimeoutException>();
        (calls, _runners[0].Tally.Trials).Should().Be((1, 16));
    }

    private TrialTally Run(
        SimulationOptions options,
        ulong pages = 1,
        int maxFailures = int.MaxValue,
        CancellationToken cancellationToken = default)
    {
        FreePageIndex index = FreePageIndex.Create(Machine.Of("4G..4G+16M"));
        return new TrialPool(Create, options, maxFailures, cancellationToken).Run();

        TrialRunner Create()
        {
            _runners.Add(new(
                index, AllocatorPolicy.Linux.CreateAllocator(index), null, [new(pages, 0, [0])], seed: 1, minGap: 1));
            return _runners[^1];
        }
    }

    private sealed class Callback(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
