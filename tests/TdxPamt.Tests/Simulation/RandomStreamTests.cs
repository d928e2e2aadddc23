using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class RandomStreamTests
{
    /// <summary>Worked out by another implementation of xoshiro256** and SplitMix64.</summary>
    [Theory]
    [InlineData(0, 0, 4935917588323501, 8596600312792555, 3751265997856261, 7856043661226159)]
    [InlineData(1, 0, 3395692196709949, 8221701721089253, 210960783472325, 825714206359594)]
    [InlineData(1, 1, 6459612861846134, 6317353223611880, 1820493213515038, 1121222787764942)]
    [InlineData(77, 299, 5548859869197009, 7805753001803997, 8571317844797467, 6667449945604195)]
    [InlineData(
        ulong.MaxValue, int.MaxValue, 8632489646136105, 1066121983061997, 8576133553884555, 1368118987109171)]
    public void seed_and_trial_give_the_numbers_of_the_published_generator(
        ulong seed, int trial, params long[] multiples)
    {
        RandomStream random = new(seed, trial);
        foreach (long multiple in multiples)
            random.NextUnit().Should().Be((double)multiple / (1L << 53));
    }

    [Fact]
    public void two_lists_take_numbers_in_turns_and_leave_the_stream_after_them()
    {
        RandomStream one = new(seed: 5, trial: 6);
        RandomStream two = one;
        double[] first = new double[3];
        double[] second = new double[3];

        two.NextUnits(first, second);

        for (int i = 0; i < 3; i++)
        {
            first[i].Should().Be(one.NextUnit());
            second[i].Should().Be(one.NextUnit());
        }

        two.NextUnit().Should().Be(one.NextUnit());
    }
}
