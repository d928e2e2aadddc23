using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class SimulationRefusalTests
{
    [Fact]
    public void options_outside_their_intervals_are_refused()
    {
        foreach (Func<object> create in new Func<object>[]
        {
            static () => new SimulationOptions { Trials = 0 },
            static () => new SimulationOptions { Threads = 0 },
            static () => new SimulationOptions { Threads = 1025 },
            static () => new Proportion(3, 2),
            static () => new Proportion(-1, 2),
            static () => new Proportion(0, -1),
        })
        {
            create.Should().Throw<ArgumentOutOfRangeException>();
        }
    }

    [Fact]
    public void every_policy_needs_a_fragmentation()
    {
        foreach (AllocatorPolicy policy in AllocatorPolicy.All)
        {
            PamtSimulation.Create(Machine.Of("4G..5G"), policy).Invoking(static simulation => simulation.Run(null!))
                .Should().Throw<ArgumentNullException>().WithParameterName("fragmentation");
        }
    }

    [Fact]
    public void more_runs_than_memory_holds_are_refused_before_anything_is_drawn()
    {
        // A GiB's PAMTs take two page blocks and some pages: every fourth of 64 Mi / 4 gaps has room for them.
        PamtSimulation simulation = PamtSimulation.Create(Machine.Of("1G..2G, 4G..128T"));
        CancellationToken cancelled = new(canceled: true);

        simulation.Invoking(it => it.Run(Fragmentation.Uniform(0.5), cancellationToken: cancelled))
            .Should().Throw<ArgumentException>()
            .WithMessage("a trial has about 4194208 runs of unmovable page blocks to keep, and may have 3145728");
        simulation.Run(Fragmentation.Uniform(0.6), cancellationToken: cancelled).Trials.Should().Be(0);
        PamtSimulation.Create(Machine.Of("1G..2G, 4G..128T"), AllocatorPolicy.BootReservation)
            .Run(Fragmentation.Uniform(0.5), new() { Trials = 1 }).Success.Value.Should().Be(1);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(4503599627370496, true)]
    [InlineData(-0.001, false)]
    [InlineData(4503599627370497, false)]
    [InlineData(double.NaN, false)]
    public void a_mean_of_runs_is_from_0_to_the_end_of_addresses(double mean, bool valid)
    {
        foreach (Func<LargestRuns> create in new Func<LargestRuns>[]
        {
            () => new(0, mean, 0),
            () => default(LargestRuns) with { MeanBytes = mean },
        })
        {
            if (valid)
                create().MeanBytes.Should().Be(mean);
            else
                create.Should().Throw<ArgumentOutOfRangeException>().WithMessage("MeanBytes must be from 0 to 2^52*");
        }
    }
}
