using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class SimulationThresholdTests
{
    private const ulong GiB = 1UL << 30;

    private static readonly int[] ThreadCounts = [1, 2, 5];

    /// <summary>One TDMR whose PAMTs need exactly two page blocks, in 20 candidates.</summary>
    private static readonly HostMemory Host =
        HostMemory.Create([new(AddressRange.Create(4 * GiB, (4 * GiB) + (40UL << 21)), 0)]);

    private static readonly Func<AllocatorPolicy, PamtSimulation> Simulation =
        static policy => PamtSimulation.Create(Host, policy, module: new() { PamtEntrySizes = new(15, 504, 16) });

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    public void the_interval_holds_the_exact_threshold(double level)
    {
        UnmovableThreshold threshold = Simulation(AllocatorPolicy.Linux).FindThreshold(level);

        double exact = 1 - Math.Sqrt(1 - Math.Pow(1 - level, 1.0 / 20));
        exact.Should().BeInRange(threshold.Low, threshold.High);
        threshold.Unmovable.Should().BeInRange(threshold.Low, threshold.High);
        (threshold.High - threshold.Low).Should().BeLessThan(0.15);
        threshold.IsReachable.Should().BeTrue();
        threshold.IsComplete.Should().BeTrue();
        threshold.TrialsPerPoint.Should().Be(10_000);
        threshold.Level.Should().Be(level);
    }

    [Fact]
    public void the_estimate_is_where_trials_cross_the_level()
    {
        PamtSimulation simulation = Simulation(AllocatorPolicy.Linux);
        SimulationOptions options = new() { Trials = 2000 };

        double unmovable = simulation.FindThreshold(0.8, precision: 0.001, options: options).Unmovable;

        simulation.Run(Fragmentation.Uniform(unmovable), options).Success.Value.Should().BeGreaterThanOrEqualTo(0.8);
        simulation.Run(Fragmentation.Uniform(unmovable * 1.0011), options).Success.Value.Should().BeLessThan(0.8);
    }

    [Fact]
    public void a_threshold_is_the_same_on_any_number_of_threads()
    {
        UnmovableThreshold[] thresholds =
        [
            .. ThreadCounts.Select(static threads => Simulation(AllocatorPolicy.Linux)
                .FindThreshold(0.95, options: new() { Trials = 2000, Threads = threads })),
        ];

        thresholds.Distinct().Should().ContainSingle();
    }

    [Fact]
    public void allocators_can_be_compared_by_their_thresholds()
    {
        Dictionary<AllocatorPolicy, double> thresholds = AllocatorPolicy.All.ToDictionary(
            static policy => policy,
            static policy => Simulation(policy).FindThreshold(0.95, options: new() { Trials = 2000 }).Unmovable);

        thresholds[AllocatorPolicy.FirstFit].Should().BeGreaterThan(thresholds[AllocatorPolicy.Linux]);
        thresholds[AllocatorPolicy.BestFit].Should().Be(thresholds[AllocatorPolicy.FirstFit]);
        thresholds[AllocatorPolicy.LastFit].Should().Be(thresholds[AllocatorPolicy.FirstFit]);
        thresholds[AllocatorPolicy.BootReservation].Should().Be(1);
    }

    [Fact]
    public void a_search_takes_as_many_trials_as_options_allow()
    {
        UnmovableThreshold threshold = Simulation(AllocatorPolicy.Linux).FindThreshold(
            options: new() { Trials = int.MaxValue }, cancellationToken: new(canceled: true));

        threshold.TrialsPerPoint.Should().Be(int.MaxValue);
        threshold.IsComplete.Should().BeFalse();
    }

    [Fact]
    public void a_host_without_room_even_for_unfragmented_pamts_has_no_threshold()
    {
        HostMemory host = HostMemory.Create([new(AddressRange.Create(4 * GiB, (4 * GiB) + (1UL << 21)), 0)]);

        UnmovableThreshold threshold = PamtSimulation.Create(host).FindThreshold();

        threshold.IsReachable.Should().BeFalse();
        threshold.IsComplete.Should().BeTrue();
        (threshold.Low, threshold.Unmovable, threshold.High).Should().Be((0, 0, 0));
    }

    [Fact]
    public void too_few_trials_leave_the_low_end_open()
    {
        UnmovableThreshold threshold =
            Simulation(AllocatorPolicy.Linux).FindThreshold(0.999, options: new() { Trials = 100 });

        threshold.Low.Should().Be(0);
        threshold.Unmovable.Should().BeGreaterThan(0.1);
        threshold.High.Should().BeGreaterThan(threshold.Unmovable);
    }

    [Fact]
    public void a_cancelled_search_keeps_what_it_knows()
    {
        using CancellationTokenSource cancellation = new();
        int calls = 0;
        UnmovableThreshold threshold = Simulation(AllocatorPolicy.Linux).FindThreshold(
            options: new() { Threads = 1, Progress = new Callback(() => CancelAfter(3000)) },
            cancellationToken: cancellation.Token);

        threshold.IsComplete.Should().BeFalse();
        threshold.Points.Should().BeGreaterThan(0);
        threshold.Low.Should().BeLessThan(threshold.High);

        void CancelAfter(int most)
        {
            if (++calls == most)
                cancellation.Cancel();
        }
    }

    [Fact]
    public void a_search_cancelled_before_it_starts_knows_nothing()
    {
        UnmovableThreshold threshold =
            Simulation(AllocatorPolicy.Linux).FindThreshold(cancellationToken: new CancellationToken(canceled: true));

        (threshold.Low, threshold.Unmovable, threshold.High).Should().Be((0, 0, 1));
        (threshold.Points, threshold.IsReachable, threshold.IsComplete).Should().Be((0, false, false));
    }

    [Theory]
    [InlineData(0, 0.01, "level must be above 0 and below 1*")]
    [InlineData(1, 0.01, "level must be above 0 and below 1*")]
    [InlineData(double.NaN, 0.01, "level must be above 0 and below 1*")]
    [InlineData(0.9, 0, "precision must be from 0.0001 to 1*")]
    [InlineData(0.9, 1.1, "precision must be from 0.0001 to 1*")]
    public void numbers_outside_their_intervals_are_refused(double level, double precision, string message) =>
        Simulation(AllocatorPolicy.Linux).Invoking(it => it.FindThreshold(level, precision: precision))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);

    [Theory]
    [InlineData(0.0001, 39)]
    [InlineData(0.01, 18)]
    [InlineData(1, 5)]
    public void a_search_tries_no_more_fractions_than_its_precision_asks_for(double precision, int points)
    {
        UnmovableThreshold threshold = Simulation(AllocatorPolicy.Linux)
            .FindThreshold(0.9, precision: precision, options: new() { Trials = 200 });

        threshold.IsComplete.Should().BeTrue();
        threshold.Points.Should().Be(points);
    }

    private sealed class Callback(Action report) : IProgress<int>
    {
        public void Report(int value) => report();
    }
}
