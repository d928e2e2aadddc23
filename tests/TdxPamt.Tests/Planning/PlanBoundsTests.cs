using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class PlanBoundsTests
{
    private const PlanStrategies Joined = PlanStrategies.SplitTdmrs | PlanStrategies.JoinTdmrs;

    /// <summary>PAMTs take 1027 pages for 1 GiB, 2053 for 2, 3079 for 3 and 6157 for 6.</summary>
    [Theory]
    [InlineData(64, PlanStrategies.None, 2053 + 1027 + 1027)]
    [InlineData(64, PlanStrategies.SplitTdmrs, 2053 + 1027 + 1027)]
    [InlineData(64, PlanStrategies.JoinTdmrs, 2053 + 1027 + 1027)]
    [InlineData(64, Joined, 3079 + 1027)]
    [InlineData(64, Joined | PlanStrategies.MergeAreas, 3079 + 1027)]
    [InlineData(3, PlanStrategies.None, 2053 + 1027 + 1027)]
    [InlineData(3, Joined, 3079 + 1027)]
    [InlineData(2, PlanStrategies.None, 3079 + 1027)]
    [InlineData(2, Joined, 3079 + 1027)]
    [InlineData(1, PlanStrategies.None, 6157)]
    [InlineData(1, Joined, 6157)]
    public void no_plan_has_fewer_pages_than_the_kernels_tdmrs_or_where_these_may_be_joined_than_the_joined_ones(
        int maxTdmrs, PlanStrategies strategies, ulong pages) =>
        Bounds(Machine.Of("4G..6G, 6G..7G@1, 9G..10G"), maxTdmrs).MinPages(strategies).Should().Be(pages);

    /// <summary>One TDMR over all memory, and a page of rounding for each size of page and TDMR.</summary>
    [Theory]
    [InlineData(64, 6157 + (3 * 4))]
    [InlineData(4, 6157 + (3 * 4))]
    [InlineData(2, 6157 + (3 * 2))]
    [InlineData(1, 6157 + 3)]
    public void no_plan_has_more_bytes_than_one_tdmr_and_the_rounding_of_all(int maxTdmrs, ulong pages) =>
        Bounds(Machine.Of("4G..6G, 6G..7G@1, 9G..10G"), maxTdmrs).MaxPamtBytes.Should().Be(pages * 4096);

    [Theory]
    [InlineData(1024, (2047 * 1024) + (2047 * 2) + 8)]
    [InlineData(1025, (1025 * 1024) + (1025 * 2) + 5)]
    public void of_more_than_1024_tdmrs_the_bound_is_that_of_their_bytes(int tdmrs, ulong pages)
    {
        HostMemory host = Machine.Of(
            string.Join(", ", Enumerable.Range(2, tdmrs).Select(static i => $"{2 * i}G..{(2 * i) + 1}G")));
        Bounds(host, maxTdmrs: 1).MinPages(PlanStrategies.None).Should().Be(pages);
    }

    [Fact]
    public void without_tdx_memory_there_are_no_pages()
    {
        PlanBounds bounds = Bounds(Machine.Of("4K..636K"), maxTdmrs: 64);
        bounds.MinPages(Joined).Should().Be(0);
        bounds.MaxPamtBytes.Should().Be(0);
    }

    private static PlanBounds Bounds(HostMemory host, int maxTdmrs) =>
        new(new ReducedHost(host, new ModuleParameters { MaxTdmrs = maxTdmrs }, []));
}
