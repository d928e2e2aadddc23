using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class FeasibilityTestTests
{
    private const PlanStrategies None = PlanStrategies.None;
    private const PlanStrategies Split = PlanStrategies.SplitTdmrs;
    private const PlanStrategies Join = PlanStrategies.JoinTdmrs;
    private const PlanStrategies Merge = PlanStrategies.MergeAreas;
    private const PlanStrategies CmrHoles = PlanStrategies.HolesFromCmrs;
    private const PlanStrategies RamExclusion = PlanStrategies.ExcludeRam;

    /// <summary>A TDMR of two GiB, with a hole in its first GiB and three in its second.</summary>
    private const string Holes = "4G+1M..5G+1M, 5G+2M..5G+3M, 5G+4M..6G-1M";

    /// <summary>One hole of the memory map, of which the CMRs make two.</summary>
    private const string HoleInAHole = "4G..4G+100M, 4G+200M..5G";
    private const string HoleInAHoleCmrs = "4G..4G+100M, 4G+120M..4G+130M, 4G+200M..5G";

    [Theory]
    [InlineData(Holes, "", 64, 4, None, true)]
    [InlineData(Holes, "", 64, 3, None, false)]
    [InlineData(Holes, "", 64, 3, Merge, true)]
    [InlineData(Holes, "", 64, 3, RamExclusion, true)]
    [InlineData(Holes, "", 64, 3, Join, false)]
    [InlineData(Holes, "", 64, 3, Split, true)]
    [InlineData(Holes, "", 64, 2, Split, false)]
    [InlineData(Holes, "", 64, 4, CmrHoles, false)]
    [InlineData(Holes, "4G..5G, 5G..6G-1M", 64, 1, CmrHoles, true)]
    [InlineData(Holes, "4G..5G, 5G..6G-1M", 64, 0, CmrHoles, false)]
    [InlineData(Holes, "4G..5G, 5G..6G-1M", 64, 3, None, false)]
    [InlineData(Holes, "4G..5G", 64, 4, None, false)]
    [InlineData(Holes, "4G..5G", 64, 4, Merge, false)]
    [InlineData(Holes, "4G..5G", 64, 4, RamExclusion, true)]
    [InlineData(HoleInAHole, HoleInAHoleCmrs, 64, 2, CmrHoles, true)]
    [InlineData(HoleInAHole, HoleInAHoleCmrs, 64, 1, CmrHoles, false)]
    [InlineData(HoleInAHole, HoleInAHoleCmrs, 64, 1, CmrHoles | Merge, true)]
    [InlineData(HoleInAHole, HoleInAHoleCmrs, 64, 1, None, true)]
    [InlineData("4G..5G, 6G..7G", "", 2, 16, None, true)]
    [InlineData("4G..5G, 6G..7G", "", 1, 16, None, false)]
    [InlineData("4G..5G, 6G..7G", "", 1, 16, Split, false)]
    [InlineData("4G..5G, 6G..7G", "", 1, 16, Join, true)]
    public void what_cannot_work_is_known_from_numbers_alone(
        string memory, string cmrs, int tdmrs, int areas, PlanStrategies strategies, bool mayWork)
    {
        ModuleParameters module = new() { MaxTdmrs = tdmrs, MaxReservedAreas = areas };
        FeasibilityTest test = new(new ReducedHost(Machine.Of(memory, cmrs), module, []));
        test.MayWork(strategies).Should().Be(mayWork);
    }

    [Fact]
    public void holes_of_the_memory_map_and_of_cmrs_merged_or_not_are_told_apart()
    {
        ReducedHost host = new(
            Machine.Of("1M..100M, 200M..1G", "1M..100M, 120M..130M, 200M..1G"), ModuleParameters.Default, []);
        for (int round = 0; round < 2; round++)
        {
            host.Holes(fromCmrs: true, merged: false).Should()
                .Equal(Machine.Ranges("0..1M, 100M..120M, 130M..200M, 1G..4P"));
            host.Holes(fromCmrs: true, merged: true).Should().Equal(Machine.Ranges("0..1M, 100M..200M, 1G..4P"));
            host.Holes(fromCmrs: false, merged: false).Should().Equal(Machine.Ranges("0..1M, 100M..200M, 1G..4P"));
            host.Holes(fromCmrs: false, merged: true).Should().BeSameAs(host.Holes(fromCmrs: false, merged: false));
        }
    }
}
