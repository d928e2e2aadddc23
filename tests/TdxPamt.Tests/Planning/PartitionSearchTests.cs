using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class PartitionSearchTests
{
    private const int Iterations = 2000;
    private const int Least = 400;

    private static readonly SmallPartitions Small = new(1, PartitionSearch.SmallUnits);

    /// <summary>Where the bound on TDMRs is relaxed.</summary>
    private static readonly SmallPartitions Larger =
        new(PartitionSearch.SmallUnits + 1, PartitionSearch.SmallUnits + 3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void no_partition_is_cheaper_than_the_cheapest_found(bool larger) =>
        (larger ? Larger : Small).Hold(Iterations, static sample =>
        {
            PartitionModel model = new(sample);
            PartitionSolution solution = Solve(sample);
            (ulong, int Tdmrs, int)[] costs = [.. model.Partitions().Select(model.CostOf)];
            Cost(solution.UnboundedMin).Should().Be(costs.Min());
            (ulong, int, int)[] bounded = [.. costs.Where(cost => cost.Tdmrs <= sample.Module.MaxTdmrs)];
            if (bounded.Length == 0)
            {
                solution.Min.Should().Be(PartitionCost.Infinite);
                return;
            }

            Cost(solution.Min).Should().Be(bounded.Min());
            AddressRange[] cheapest = solution.Cheapest();
            model.CostOf(cheapest).Should().Be(bounded.Min());
            model.Partitions().Should().Contain(tdmrs => tdmrs.SequenceEqual(cheapest));
            ulong pages = PartitionModel.PagesOf(cheapest, sample.Module);
            PartitionCost.WithoutHoles(cheapest, sample.Module)
                .Should().Be(new PartitionCost(pages, cheapest.Length, 0));
        }, Least);

    [Fact]
    public void all_partitions_below_a_cost_are_tried_once() =>
        Small.Hold(Iterations / 2, static sample =>
        {
            PartitionModel model = new(sample);
            AddressRange[][] partitions =
                [.. model.Partitions().Where(tdmrs => tdmrs.Length <= sample.Module.MaxTdmrs).OrderBy(model.CostOf)];
            Tried(sample, int.MaxValue, null).Should().BeEquivalentTo(partitions.Select(Text));
            if (partitions.Length == 0)
                return;
            (ulong Pages, int Tdmrs, int Areas) cost = model.CostOf(partitions[partitions.Length / 2]);
            Tried(sample, int.MaxValue, new PartitionCost(cost.Pages, cost.Tdmrs, cost.Areas)).Should().BeEquivalentTo(
                partitions.Where(partition => model.CostOf(partition).CompareTo(cost) < 0).Select(Text));
            Tried(sample, 2, null).Should().HaveCount(Math.Min(2, partitions.Length)).And.Contain(Text(partitions[0]));
        }, Least);

    [Fact]
    public void the_last_partition_that_works_is_the_cheapest_of_them() =>
        Small.Hold(Iterations / 2, static sample =>
        {
            PartitionModel model = new(sample);
            AddressRange[][] partitions =
                [.. model.Partitions().Where(tdmrs => tdmrs.Length <= sample.Module.MaxTdmrs && Works(tdmrs))];
            List<AddressRange[]> found = [];
            PartitionBranchAndBound search = new(Solve(sample), int.MaxValue, tdmrs =>
            {
                if (!Works(tdmrs))
                    return false;
                found.Add(tdmrs);
                return true;
            });
            search.Run();
            found.Select(model.CostOf).Should().BeInDescendingOrder().And.OnlyHaveUniqueItems();
            if (partitions.Length > 0)
                model.CostOf(found[^1]).Should().Be(partitions.Min(model.CostOf));

            static bool Works(AddressRange[] tdmrs) =>
                tdmrs.Aggregate(1UL, static (hash, tdmr) => unchecked((hash * 31) + (tdmr.End >> 30))) % 3 == 0;
        }, Least);

    [Fact]
    public void where_tdmrs_are_bounded_few_edges_are_looked_at()
    {
        const ulong GiB = 1UL << 30;
        AddressRange[] tdmrs =
        [
            .. Enumerable.Range(0, 72).Select(static i =>
                AddressRange.Create(20 * (ulong)i * GiB, ((20 * (ulong)i) + 8 + ((ulong)i % 3)) * GiB)),
        ];
        AddressRange[] areas =
        [
            .. tdmrs.SelectMany(static tdmr => Enumerable.Range(0, 6).Select(i =>
                AddressRange.Create(tdmr.Start + ((ulong)i * GiB), tdmr.Start + ((ulong)i * GiB) + 4096))),
        ];

        PartitionGraph graph = new(tdmrs, areas, ModuleParameters.Default, split: true, join: true);

        PartitionSolution solution = new PartitionSearch(graph).Run();
        solution.Min.Tdmrs.Should().Be(64);
        solution.Cheapest().Should().HaveCount(64);
        PartitionRelaxation relaxation = PartitionRelaxation.Create(graph);
        PartitionEdge[][] edges = relaxation.EdgesWithin(relaxation.FirstGap);
        edges.Sum(static from => from.Length).Should().BeLessThanOrEqualTo(143);
        PartitionTable.Bounded(graph, edges).Min.Should().Be(solution.Min, "they hold the cheapest partition");
    }

    [Theory]
    [InlineData("0..4G", "", "0..1G, 1G..2G, 2G..3G, 3G..4G")]
    [InlineData("0..300G", "", "0..300G")]
    [InlineData("0..256G", "1G..2G", null)]
    [InlineData("0..257G", "1G..2G", "0..1G, 1G..2G, 2G..257G")]
    [InlineData("0..300G", "4K..8K, 12K..16K, 20G..21G", "0..1G, 1G..20G, 20G..21G, 21G..300G")]
    [InlineData("0..300G", "2G-4K..4G+4K, 300G-4K..300G", "0..1G, 1G..2G, 2G..4G, 4G..5G, 5G..299G, 299G..300G")]
    [InlineData("0..4P", "1T..2T, 3T+4K..4T", "0..1T, 1T..2T, 2T..3T, 3T..3T+1G, 3T+1G..4T, 4T..4P")]
    [InlineData("0..2G, 4G..300G", "3G..3G+4K, 100G..100G+4K", "0..2G, 4G..100G, 100G..101G, 101G..300G")]
    [InlineData("0..2G, 2G..300G", "1G..3G", "0..1G, 1G..2G, 2G..3G, 3G..300G")]
    public void memory_is_cut_at_each_gib_or_where_areas_are(string kernelTdmrs, string areas, string? units)
    {
        AddressRange[] found = PartitionUnits.Create(Machine.Ranges(kernelTdmrs), Machine.Ranges(areas));
        if (units is null)
            found.Should().HaveCount(256).And.OnlyContain(static unit => unit.Size == 1UL << 30);
        else
            found.Should().Equal(Machine.Ranges(units));
    }

    private static List<string> Tried(SmallPartitions.Sample sample, int maxTried, PartitionCost? incumbent)
    {
        List<string> tried = [];
        PartitionBranchAndBound search = new(Solve(sample), maxTried, tdmrs =>
        {
            tried.Add(Text(tdmrs));
            return false;
        });
        search.Run(incumbent);
        return tried;
    }

    private static string Text(AddressRange[] tdmrs) => string.Join(", ", tdmrs);

    private static PartitionSolution Solve(SmallPartitions.Sample sample) => new PartitionSearch(
        new(sample.KernelTdmrs, sample.Areas, sample.Module, sample.Split, sample.Join)).Run();

    private static (ulong, int, int) Cost(PartitionCost cost) => (cost.Pages, cost.Tdmrs, cost.MaxAreas);
}
