using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

/// <summary>Of 100 trials 60 or more are to succeed so that the interval is above one half, 50 for the share to be,
/// and 41 so that the interval is not below it.</summary>
public class ThresholdSearchTests
{
    private readonly List<double> _tried = [];

    [Fact]
    public void fractions_go_up_fourfold_until_more_trials_fail_than_the_interval_allows()
    {
        Run(static unmovable => unmovable < 0.06 ? 59 : 60, precision: 1);
        _tried.Should().Equal(0, 0.001, 0.004, 0.016, 0.064);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    public void where_nothing_fails_the_threshold_is_that_all_is_unmovable(double smallest)
    {
        UnmovableThreshold threshold = Run(static _ => 0, precision: 0.01, smallest);

        _tried.Should().Equal(smallest < 1 ? (double[])[0, smallest, 1] : [0, 1]);
        (threshold.Low, threshold.Unmovable, threshold.High).Should().Be((1, 1, 1));
        (threshold.IsReachable, threshold.IsComplete).Should().Be((true, true));
    }

    [Fact]
    public void the_estimate_and_both_ends_are_each_narrowed_down()
    {
        UnmovableThreshold threshold = Run(
            static unmovable => unmovable <= 0.2 ? 40 : unmovable <= 0.3 ? 50 : unmovable <= 0.4 ? 59 : 60,
            precision: 0.001);

        threshold.Low.Should().BeInRange(0.1998, 0.2);
        threshold.Unmovable.Should().BeInRange(0.2997, 0.3);
        threshold.High.Should().BeInRange(0.4, 0.4004);
        (threshold.Level, threshold.TrialsPerPoint, threshold.Points).Should().Be((0.5, 100, _tried.Count));
        _tried.Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData(40, 1, 1, true)]
    [InlineData(41, 0, 1, true)]
    [InlineData(50, 0, 1, true)]
    [InlineData(51, 0, 0, false)]
    [InlineData(59, 0, 0, false)]
    public void as_many_failures_as_each_end_allows_count_as_success(
        int failures, double low, double unmovable, bool reachable)
    {
        UnmovableThreshold threshold = Run(_ => failures, precision: 0.5);
        (threshold.Low, threshold.Unmovable, threshold.High).Should().Be((low, unmovable, 1));
        threshold.IsReachable.Should().Be(reachable);
    }

    [Fact]
    public void more_failures_than_the_interval_allows_where_nothing_is_fragmented_end_the_search()
    {
        UnmovableThreshold threshold = Run(static _ => 60, precision: 0.5);
        _tried.Should().Equal(0);
        (threshold.Low, threshold.Unmovable, threshold.High).Should().Be((0, 0, 0));
        (threshold.IsReachable, threshold.IsComplete).Should().Be((false, true));
    }

    [Theory]
    [InlineData(0.5, 0.5, 0.5, new[] { 0, 0.5, 1 })]
    [InlineData(0.3, 0.5, 0.1, new[] { 0, 0.1, 0.4, 0.25 })]
    [InlineData(0.5, 0.25, 0.125, new[] { 0, 0.125, 0.5, 1, 0.75, 0.625 })]
    [InlineData(0, 0.25, 0.5, new[] { 0, 0.5, 0.25, 0.125 })]
    public void halving_ends_at_the_precision_of_the_fraction_or_of_the_smallest(
        double last, double precision, double smallest, double[] tried)
    {
        Run(unmovable => unmovable <= last ? 0 : 60, precision, smallest);
        _tried.Should().Equal(tried);
    }

    [Fact]
    public void a_search_that_is_cancelled_knows_the_fractions_until_then()
    {
        Func<double, int> count = static unmovable =>
            unmovable <= 0.2 ? 40 : unmovable <= 0.3 ? 50 : unmovable <= 0.4 ? 59 : 60;
        int points = Run(count, precision: 0.1).Points;
        for (int known = 0; known < points; known++)
        {
            _tried.Clear();
            UnmovableThreshold threshold = Run(unmovable => _tried.Count > known ? null : count(unmovable), 0.1);
            (threshold.Points, threshold.IsComplete).Should().Be((known, false));
            threshold.IsReachable.Should().Be(known > 0);
        }
    }

    [Theory]
    [InlineData(0.5, 100)]
    [InlineData(0.999, 100)]
    [InlineData(0.999, 10_000)]
    [InlineData(0.99, 1)]
    [InlineData(0.01, 10)]
    public void a_count_may_stop_at_the_first_failure_that_puts_the_interval_below_the_level(double level, int trials)
    {
        int limit = -1;
        while (limit < trials && new Proportion(trials - limit - 1, trials).High >= level)
            limit++;
        List<int> limits = [];
        new ThresholdSearch(level, 0.5, 0.5, trials, (_, maxFailures) =>
        {
            limits.Add(maxFailures);
            return 0;
        }).Run();
        limits.Should().NotBeEmpty().And.OnlyContain(it => it == limit);
    }

    private UnmovableThreshold Run(Func<double, int?> failures, double precision, double smallest = 0.001) =>
        new ThresholdSearch(level: 0.5, precision, smallest, trials: 100, (unmovable, _) =>
        {
            _tried.Add(unmovable);
            return failures(unmovable);
        }).Run();

    private UnmovableThreshold Run(Func<double, int> failures, double precision, double smallest = 0.001) =>
        Run(unmovable => (int?)failures(unmovable), precision, smallest);
}
