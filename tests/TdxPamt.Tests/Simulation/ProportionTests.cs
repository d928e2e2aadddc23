using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class ProportionTests
{
    [Theory]
    [InlineData(0, 10, 0, 0.27753)]
    [InlineData(5, 10, 0.23659, 0.76341)]
    [InlineData(10, 10, 0.72247, 1)]
    [InlineData(9876, 10000, 0.98524, 0.98958)]
    [InlineData(0, 1, 0, 0.79346)]
    [InlineData(1, 1, 0.20654, 1)]
    [InlineData(0, 0, 0, 1)]
    public void a_proportion_has_a_wilson_interval(int successes, int trials, double low, double high)
    {
        new Proportion(successes, trials).Low.Should().BeApproximately(low, 0.00001);
        new Proportion(successes, trials).High.Should().BeApproximately(high, 0.00001);
    }

    [Fact]
    public void an_interval_lies_from_0_to_1_around_the_share()
    {
        for (int trials = 1; trials <= 40; trials++)
        {
            for (int successes = 0; successes <= trials; successes++)
            {
                Proportion proportion = new(successes, trials);
                proportion.Value.Should().Be((double)successes / trials);
                proportion.Low.Should().BeInRange(0, proportion.Value);
                proportion.High.Should().BeInRange(proportion.Value, 1);
                (proportion.Low == 0).Should().Be(successes == 0);
                (proportion.High == 1).Should().Be(successes == trials);
            }
        }
    }

    [Fact]
    public void without_trials_the_share_is_0()
    {
        Proportion none = default;
        (none.Successes, none.Trials, none.Value, none.Low, none.High).Should().Be((0, 0, 0, 0, 1));
    }

    [Fact]
    public void a_proportion_prints_its_share_and_interval() =>
        new Proportion(5, 10).ToString().Should().Be("0.5 (0.2366 to 0.7634)");
}
