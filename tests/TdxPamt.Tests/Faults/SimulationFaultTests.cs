using TdxPamt.Simulation;

namespace TdxPamt.Tests.Faults;

/// <summary>Whatever fails in the middle of a simulation: the error is reported, and the next run
/// is as if it had not been.</summary>
public class SimulationFaultTests
{
    private static readonly HostMemory Host = Machine.Of("4G..5G@0, 5G..6G@1, 6G..7G@0");
    private static readonly Fragmentation Much = Fragmentation.Uniform(0.87);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void a_progress_that_throws_at_any_report_ends_the_run_and_is_heard(int threads)
    {
        PamtSimulation simulation = PamtSimulation.Create(Host);
        SimulationOptions options = new() { Trials = 200, Threads = threads };
        SimulationResult expected = simulation.Run(Much, options);
        expected.Success.Value.Should().BeInRange(0.01, 0.99);
        int reports = 0;
        simulation.Run(Much, options with { Threads = 1, Progress = new Reports(_ => reports++) });
        for (int k = 0; k < reports; k++)
        {
            InvalidTimeZoneException thrown = new();
            int report = 0;
            bool threw = false;
            Reports progress = new(_ =>
            {
                if (report++ == k)
                {
                    threw = true;
                    throw thrown;
                }
            });
            try
            {
                simulation.Run(Much, options with { Progress = progress }).Should().Be(expected);
                threw.Should().BeFalse();
            }
            catch (InvalidTimeZoneException exception)
            {
                exception.Should().BeSameAs(thrown);
            }

            (simulation.Run(Much, options) == expected).Should().BeTrue();
        }
    }

    [Fact]
    public void a_run_cancelled_at_any_report_counts_the_trials_that_were_run_and_leaves_nothing_behind()
    {
        PamtSimulation simulation = PamtSimulation.Create(Host);
        SimulationOptions options = new() { Trials = 200, Threads = 1 };
        SimulationResult expected = simulation.Run(Much, options);
        for (int k = 0; k < 13; k++)
        {
            using CancellationTokenSource source = new();
            int report = 0;
            int done = 0;
            Reports progress = new(trials =>
            {
                done = trials;
                if (report++ == k)
                    source.Cancel();
            });
            SimulationResult result = simulation.Run(Much, options with { Progress = progress }, source.Token);

            result.Trials.Should().Be(done).And.Be(Math.Min((k + 1) * 16, 200));
            (simulation.Run(Much, options) == expected).Should().BeTrue();
        }
    }

    [Fact]
    public void a_node_lookup_that_throws_at_any_tdmr_is_heard()
    {
        for (int k = 0; k < 3; k++)
        {
            ThrowingNodeLookup lookup = new(k);
            FluentActions.Invoking(() => PamtSimulation.Create(Host, nodeLookup: lookup))
                .Should().Throw<KeyNotFoundException>().Which.Should().BeSameAs(lookup.Thrown);
        }
    }

    private sealed class Reports(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
