using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class TrialTallyTests
{
    private const ulong Page = 4096;

    [Fact]
    public void a_tally_counts_outcomes_and_spans_the_largest_runs()
    {
        TrialTally tally = new(tdmrs: 2);
        tally.AddSuccess(largestRun: 3, offNodePages: 5);
        tally.AddFailure(largestRun: 9, tdmr: 1);
        tally.AddSuccess(largestRun: 1, offNodePages: 0);
        tally.AddFailure(largestRun: 5, tdmr: 1);

        (tally.Trials, tally.Successes, tally.OffNodePages).Should().Be((4, 2, 5m));
        tally.FailuresByTdmr.Should().Equal(0, 2);
        tally.LargestRuns.Should().Be(new LargestRuns(Page, 4.5 * Page, 9 * Page));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void tallies_add_up_in_either_order(bool swapped)
    {
        TrialTally narrow = new(tdmrs: 3);
        narrow.AddSuccess(largestRun: 8, offNodePages: 5);
        narrow.AddFailure(largestRun: 4, tdmr: 1);
        TrialTally wide = new(tdmrs: 3);
        wide.AddSuccess(largestRun: 16, offNodePages: 2);
        wide.AddFailure(largestRun: 2, tdmr: 0);
        wide.AddFailure(largestRun: 15, tdmr: 1);
        TrialTally sum = swapped ? wide : narrow;

        sum.Add(swapped ? narrow : wide);

        (sum.Trials, sum.Successes, sum.OffNodePages).Should().Be((5, 2, 7m));
        sum.FailuresByTdmr.Should().Equal(1, 2, 0);
        sum.LargestRuns.Should().Be(new LargestRuns(2 * Page, 9 * Page, 16 * Page));
    }

    [Fact]
    public void a_thread_that_ran_no_trial_changes_nothing()
    {
        TrialTally tally = new(tdmrs: 1);
        tally.LargestRuns.Should().Be(default(LargestRuns));
        tally.AddSuccess(largestRun: 7, offNodePages: 0);
        tally.Add(new TrialTally(tdmrs: 1));
        tally.LargestRuns.Should().Be(new LargestRuns(7 * Page, 7 * Page, 7 * Page));
        tally.Trials.Should().Be(1);
    }

    [Fact]
    public void a_result_gives_the_share_of_all_pages_of_successful_trials_that_is_off_its_node()
    {
        TrialTally tally = new(tdmrs: 2);
        tally.AddSuccess(largestRun: 3, offNodePages: 6);
        tally.AddSuccess(largestRun: 3, offNodePages: 1);
        tally.AddFailure(largestRun: 3, tdmr: 0);

        SimulationResult result = new(tally, requestedTrials: 3, pamtPages: 10);

        result.OffNodeShare.Should().Be(7.0 / 20);
        result.Success.Should().Be(new Proportion(2, 3));
        result.FailuresByTdmr.Should().Equal(1, 0);
        (result.Trials, result.RequestedTrials, result.IsComplete).Should().Be((3, 3, true));
        new SimulationResult(tally, requestedTrials: 4, pamtPages: 10).IsComplete.Should().BeFalse();
        result.ToString().Should().Be("0.6667 (0.2077 to 0.9385), 0.35 of pages outside their node");
    }

    [Fact]
    public void without_a_successful_trial_no_page_is_off_its_node()
    {
        TrialTally tally = new(tdmrs: 1);
        tally.AddFailure(largestRun: 3, tdmr: 0);
        new SimulationResult(tally, requestedTrials: 1, pamtPages: 10).OffNodeShare.Should().Be(0);
    }

    [Fact]
    public void the_largest_runs_print_their_sizes() =>
        new LargestRuns(4096, 6000.4, 8192).ToString().Should().Be("4096 to 8192 bytes, 6000 on average");
}
