using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class CoverSearchTests
{
    private const int Iterations = 2000;
    private const int Least = 400;

    private static readonly SmallCovers Small = new(1, LayoutSearch.SmallUnits);

    /// <summary>Where the number of TDMRs is bounded at a price for each.</summary>
    private static readonly SmallCovers Larger = new(LayoutSearch.SmallUnits + 1, LayoutSearch.SmallUnits + 3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void no_cover_is_cheaper_than_the_cheapest_found(bool larger) =>
        (larger ? Larger : Small).Hold(Iterations, static sample =>
        {
            CoverSearchModel model = new(sample);
            CoverSearch search = Search(sample);
            (ulong, int Tdmrs, int)[] costs = [.. model.Covers().Select(model.CostOf)];
            Cost(search.LeastUnbounded).Should().Be(costs.Min());
            (ulong, int, int)[] bounded = [.. costs.Where(cost => cost.Tdmrs <= sample.Module.MaxTdmrs)];
            if (bounded.Length == 0)
            {
                search.Least.Should().Be(CoverCost.Infinite);
                return;
            }

            Cost(search.Least).Should().Be(bounded.Min());
            AddressRange[] cheapest = search.Cheapest();
            model.CostOf(cheapest).Should().Be(bounded.Min());
            model.Covers().Should().Contain(cover => cover.SequenceEqual(cheapest));
            ulong pages = CoverSearchModel.PagesOf(cheapest, sample.Module);
            search.CostOf(cheapest).Should().Be(new CoverCost(pages, cheapest.Length, 0));
        }, Least);

    [Fact]
    public void all_covers_below_a_cost_are_tried_once() =>
        Small.Hold(Iterations / 2, static sample =>
        {
            CoverSearchModel model = new(sample);
            AddressRange[][] covers =
                [.. model.Covers().Where(cover => cover.Length <= sample.Module.MaxTdmrs).OrderBy(model.CostOf)];
            Tried(sample, int.MaxValue, null).Should().BeEquivalentTo(covers.Select(Text));
            if (covers.Length == 0)
                return;
            (ulong pages, int tdmrs, int areas) = model.CostOf(covers[covers.Length / 2]);
            Tried(sample, int.MaxValue, new CoverCost(pages, tdmrs, areas)).Should().BeEquivalentTo(
                covers.Where(cover => model.CostOf(cover).CompareTo((pages, tdmrs, areas)) < 0).Select(Text));
            Tried(sample, 2, null).Should().HaveCount(Math.Min(2, covers.Length)).And.Contain(Text(covers[0]));
        }, Least);

    [Fact]
    public void the_last_cover_that_is_good_is_the_cheapest_of_them() =>
        Small.Hold(Iterations / 2, static sample =>
        {
            CoverSearchModel model = new(sample);
            AddressRange[][] covers =
                [.. model.Covers().Where(cover => cover.Length <= sample.Module.MaxTdmrs && IsGood(cover))];
            List<AddressRange[]> found = [];
            Search(sample).Search(int.MaxValue, cover =>
            {
                if (!IsGood(cover))
                    return false;
                found.Add(cover);
                return true;
            });
            found.Select(model.CostOf).Should().BeInDescendingOrder().And.OnlyHaveUniqueItems();
            if (covers.Length > 0)
                model.CostOf(found[^1]).Should().Be(covers.Min(model.CostOf));

            static bool IsGood(AddressRange[] cover) =>
                cover.Aggregate(1UL, static (hash, tdmr) => unchecked((hash * 31) + (tdmr.End >> 30))) % 3 == 0;
        }, Least);

    [Fact]
    public void where_tdmrs_are_bounded_few_of_all_are_looked_at()
    {
        const ulong GiB = 1UL << 30;
        AddressRange[] cover =
        [
            .. Enumerable.Range(0, 72).Select(static i =>
                AddressRange.Create(20 * (ulong)i * GiB, ((20 * (ulong)i) + 8 + ((ulong)i % 3)) * GiB)),
        ];
        AddressRange[] areas =
        [
            .. cover.SelectMany(static tdmr => Enumerable.Range(0, 6).Select(i =>
                AddressRange.Create(tdmr.Start + ((ulong)i * GiB), tdmr.Start + ((ulong)i * GiB) + 4096))),
        ];

        CoverSearch search = new(cover, areas, ModuleParameters.Default, split: true, join: true);

        search.Least.Tdmrs.Should().Be(64);
        search.Cheapest().Should().HaveCount(64);
        search.WaysAtPrice.Should().BeLessThanOrEqualTo(143);
    }

    [Theory]
    [InlineData("0..4G", "", "0..1G, 1G..2G, 2G..3G, 3G..4G")]
    [InlineData("0..300G", "", "0..300G")]
    [InlineData("0..256G", "1G..2G", null)]
    [InlineData("0..257G", "1G..2G", "0..1G, 1G..2G, 2G..257G")]
    [InlineData("0..300G", "4K..8K, 12K..16K, 20G..21G", "0..1G, 1G..20G, 20G..21G, 21G..300G")]
    [InlineData(
        "0..300G", "2G-4K..4G+4K, 300G-4K..300G", "0..1G, 1G..2G, 2G..3G, 3G..4G, 4G..5G, 5G..299G, 299G..300G")]
    [InlineData("0..2G, 4G..300G", "3G..3G+4K, 100G..100G+4K", "0..2G, 4G..100G, 100G..101G, 101G..300G")]
    [InlineData("0..2G, 2G..300G", "1G..3G", "0..1G, 1G..2G, 2G..3G, 3G..300G")]
    public void memory_is_cut_at_each_gib_or_where_areas_are(string cover, string areas, string? units)
    {
        AddressRange[] found = CoverUnits.Of(Machine.Ranges(cover), Machine.Ranges(areas));
        if (units is null)
            found.Should().HaveCount(256).And.OnlyContain(static unit => unit.Size == 1UL << 30);
        else
            found.Should().Equal(Machine.Ranges(units));
    }

    private static List<string> Tried(SmallCovers.Sample sample, int most, CoverCost? below)
    {
        List<string> tried = [];
        Search(sample).Search(
            most,
            cover =>
            {
                tried.Add(Text(cover));
                return false;
            },
            below);
        return tried;
    }

    private static string Text(AddressRange[] cover) => string.Join(", ", cover);

    private static CoverSearch Search(SmallCovers.Sample sample) =>
        new(sample.Cover, sample.Areas, sample.Module, sample.Split, sample.Join);

    private static (ulong, int, int) Cost(CoverCost cost) => (cost.Pages, cost.Tdmrs, cost.MostAreas);
}
