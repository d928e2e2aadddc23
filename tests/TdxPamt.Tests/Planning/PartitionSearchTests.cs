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
    public void partitions_are_tried_in_the_order_of_the_least_cost_that_they_can_have() =>
        Tried(new([Machine.Range("0..3G")], [], ModuleParameters.Default, Split: true, Join: false), int.MaxValue, null)
            .Should().Equal(
                Text(Machine.Ranges("0..3G")),
                Text(Machine.Ranges("0..1G, 1G..3G")),
                Text(Machine.Ranges("0..1G, 1G..2G, 2G..3G")),
                Text(Machine.Ranges("0..2G, 2G..3G")));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(5, 4)]
    public void no_more_partitions_are_tried_than_are_allowed(int maxTried, int tried) =>
        Tried(new([Machine.Range("0..3G")], [], ModuleParameters.Default, Split: true, Join: false), maxTried, null)
            .Should().HaveCount(tried);

    [Theory]
    [InlineData(10, 2, 13, 1, 2, true)]
    [InlineData(10, 2, 12, 1, 2, false)]
    [InlineData(10, 2, 11, 1, 2, false)]
    [InlineData(12, 1, 10, 2, 2, true)]
    [InlineData(13, 1, 10, 2, 2, false)]
    [InlineData(10, 2, 10, 2, 2, false)]
    [InlineData(10, 3, 20, 2, 0, true)]
    [InlineData(20, 2, 10, 3, 0, false)]
    [InlineData(10, 2, 10, 3, 0, true)]
    [InlineData(10, 3, 10, 2, 0, false)]
    public void with_a_price_for_each_tdmr_the_cheaper_is_below_and_of_equal_ones_that_with_fewer_tdmrs(
        ulong pages, int tdmrs, ulong otherPages, int otherTdmrs, ulong multiplier, bool isBelow) =>
        new PartitionCost(pages, tdmrs, 0).IsBelow(new(otherPages, otherTdmrs, 0), multiplier).Should().Be(isBelow);

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void up_to_eight_units_all_partitions_can_be_tried(int giB, bool isSmall) =>
        Solve(new([Machine.Range($"0..{giB}G")], [], ModuleParameters.Default, Split: true, Join: false))
            .IsSmall.Should().Be(isSmall);

    /// <summary>Each TDMR that is joined to the one below costs the same, so that no multiplier gives a number of
    /// TDMRs between the fewest and all.</summary>
    [Theory]
    [InlineData(953, 953, (1100 * 1027) + ((1100 - 953) * 1025))]
    [InlineData(954, 550, 550 * 3079)]
    [InlineData(549, int.MaxValue, ulong.MaxValue)]
    public void of_more_cells_than_a_table_may_have_the_relaxed_partition_is_taken(
        int maxTdmrs, int tdmrs, ulong pages)
    {
        PartitionCost min = Joined(1100, static _ => 1, maxTdmrs).Min;
        (min.Tdmrs, min.Pages).Should().Be((tdmrs, pages));
    }

    /// <summary>100 gaps of 5 GiB and the others of 7: at a multiplier between, there are MAX_TDMRS.</summary>
    [Fact]
    public void where_a_multiplier_gives_the_number_of_tdmrs_the_relaxed_partition_is_the_cheapest()
    {
        PartitionSolution solution = Joined(1100, static i => i % 11 == 0 ? 5UL : 7, 1000);
        AddressRange[] cheapest = solution.Cheapest();
        cheapest.Should().HaveCount(1000);
        cheapest.Where(static tdmr => tdmr.Size > 1UL << 30).Should().HaveCount(100)
            .And.OnlyContain(static tdmr => tdmr.Size == 7UL << 30);
        ulong pages = PartitionModel.PagesOf(cheapest, ModuleParameters.Default);
        solution.Min.Should().Be(new PartitionCost(pages, 1000, 1));
    }

    [Fact]
    public void the_relaxed_search_finds_what_the_whole_table_holds() =>
        new SmallPartitions(20, 60).Hold(300, static sample =>
        {
            PartitionGraph graph = new(sample.KernelTdmrs, sample.Areas, sample.Module, sample.Split, sample.Join);
            PartitionSolution solution = new PartitionSearch(graph).Run();
            PartitionTable table = PartitionTable.Bounded(graph, graph.Edges);
            solution.Min.Should().Be(table.Min);
            if (!solution.IsFeasible)
                return;
            AddressRange[] cheapest = solution.Cheapest();
            cheapest.Length.Should().Be(solution.Min.Tdmrs);
            PartitionModel.PagesOf(cheapest, sample.Module).Should().Be(solution.Min.Pages);
        }, 300);

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

    /// <summary>TDMRs of a GiB each with gaps between, an area in each gap, and joins over one of these.</summary>
    private static PartitionSolution Joined(int tdmrs, Func<int, ulong> gapGiB, int maxTdmrs)
    {
        const ulong GiB = 1UL << 30;
        List<AddressRange> kernelTdmrs = [];
        List<AddressRange> areas = [];
        ulong position = 0;
        for (int i = 0; i < tdmrs; i++)
        {
            kernelTdmrs.Add(AddressRange.Create(position, position + GiB));
            position += GiB;
            areas.Add(AddressRange.Create(position, position + (gapGiB(i) * GiB)));
            position = areas[^1].End;
        }

        ModuleParameters module = new() { MaxTdmrs = maxTdmrs, MaxReservedAreas = 1 };
        return new PartitionSearch(
            new([.. kernelTdmrs], [.. areas], module, split: false, join: true)).Run();
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
