using CsCheck;

namespace TdxPamt.Tests.Memory;

public class AddressRangesTests
{
    private const int Pages = 24;

    /// <summary>Sets over a few pages: one number's bits say which pages are in, the other's where a range ends though
    /// the next page is in too.</summary>
    private static readonly Gen<AddressRange[]> Sets =
        Gen.Select(Gen.Int[0, (1 << Pages) - 1], Gen.Int[0, (1 << Pages) - 1], Ranges);

    private static AddressRange All => AddressRange.Create(0, AddressRange.Limit);

    [Theory]
    [InlineData("", "")]
    [InlineData("0..4K", "0..4K")]
    [InlineData("0..4K, 4K..8K, 8K..12K", "0..12K")]
    [InlineData("0..4K, 8K..12K", "0..4K, 8K..12K")]
    [InlineData("0..4K, 8K..12K, 12K..16K, 4P-4K..4P", "0..4K, 8K..16K, 4P-4K..4P")]
    public void adjacent_ranges_are_merged(string ranges, string merged) =>
        AddressRanges.MergeAdjacent(Machine.Ranges(ranges)).Should().Equal(Machine.Ranges(merged));

    [Theory]
    [InlineData("", "", "", "", "")]
    [InlineData("0..8K", "", "", "0..8K", "0..8K")]
    [InlineData("", "0..8K", "", "", "0..8K")]
    [InlineData("0..8K", "4K..12K", "4K..8K", "0..4K", "0..12K")]
    [InlineData("0..12K", "4K..8K", "4K..8K", "0..4K, 8K..12K", "0..12K")]
    [InlineData("4K..8K", "0..12K", "4K..8K", "", "0..12K")]
    [InlineData("0..4K, 4K..8K", "0..8K", "0..4K, 4K..8K", "", "0..8K")]
    [InlineData("0..4K, 4K..8K", "8K..12K", "", "0..4K, 4K..8K", "0..12K")]
    [InlineData("0..4P", "1G..2G, 4P-4K..4P", "1G..2G, 4P-4K..4P", "0..1G, 2G..4P-4K", "0..4P")]
    public void two_sets_are_intersected_subtracted_and_united(
        string ranges, string others, string intersection, string difference, string union)
    {
        AddressRange[] left = Machine.Ranges(ranges);
        AddressRange[] right = Machine.Ranges(others);

        AddressRanges.Intersect(left, right).Should().Equal(Machine.Ranges(intersection));
        AddressRanges.Subtract(left, right).Should().Equal(Machine.Ranges(difference));
        AddressRanges.Union(left, right).Should().Equal(Machine.Ranges(union));
    }

    [Theory]
    [InlineData("", "0..4P")]
    [InlineData("0..4P", "")]
    [InlineData("4K..4P", "0..4K")]
    [InlineData("0..4P-4K", "4P-4K..4P")]
    [InlineData("4K..8K, 8K..12K, 16K..20K", "0..4K, 12K..16K, 20K..4P")]
    public void gaps_are_what_a_set_leaves_below_2_to_the_52(string ranges, string gaps) =>
        AddressRanges.Gaps(Machine.Ranges(ranges)).Should().Equal(Machine.Ranges(gaps));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0x3fff", 0)]
    [InlineData("0x4000", 1)]
    [InlineData("0x4fff", 1)]
    [InlineData("0x5000", 2)]
    [InlineData("0x8fff", 2)]
    [InlineData("0x9000", 3)]
    [InlineData("0xffffffffffffffff", 3)]
    public void the_first_range_that_ends_above_an_address_holds_it_or_is_the_next(string address, int position)
    {
        AddressRange[] ranges = Machine.Ranges("0x1000..0x4000, 0x4000..0x5000, 0x8000..0x9000");

        AddressRanges.FirstEndingAbove(ranges, Machine.Address(address)).Should().Be(position);
        AddressRanges.FirstEndingAbove([], Machine.Address(address)).Should().Be(0);
    }

    [Theory]
    [InlineData("0x1000..0x4000", true, true, true)]
    [InlineData("0x2000..0x3000", true, true, true)]
    [InlineData("0x3000..0x5000", true, true, false)]
    [InlineData("0x1000..0x5000", true, true, false)]
    [InlineData("0..0x2000", true, false, false)]
    [InlineData("0x4000..0x9000", true, false, false)]
    [InlineData("0x5000..0x8000", false, false, false)]
    [InlineData("0..0x1000", false, false, false)]
    [InlineData("0x9000..0xa000", false, false, false)]
    public void a_range_overlaps_a_set_lies_in_it_or_lies_in_one_of_its_ranges(
        string range, bool overlaps, bool isIn, bool isInOne)
    {
        AddressRange[] ranges = Machine.Ranges("0x1000..0x4000, 0x4000..0x5000, 0x8000..0x9000");

        AddressRanges.Overlaps(ranges, Machine.Range(range)).Should().Be(overlaps);
        AddressRanges.Contains(ranges, Machine.Range(range)).Should().Be(isIn);
        AddressRanges.AnyContains(ranges, Machine.Range(range)).Should().Be(isInOne);
    }

    [Theory]
    [InlineData("8K..12K, 0..4K", "[0x0, 0x1000)")]
    [InlineData("0..8K, 4K..12K", "[0x1000, 0x3000)")]
    [InlineData("0..4K, 0..4K", "[0x0, 0x1000)")]
    public void ranges_that_do_not_ascend_are_refused(string ranges, string refused) =>
        ShouldBeRefused(Machine.Ranges(ranges), refused);

    [Fact]
    public void an_empty_range_is_refused()
    {
        ShouldBeRefused([default], "[0x0, 0x0)");
        ShouldBeRefused([.. Machine.Ranges("4K..8K"), default], "[0x0, 0x0)");
    }

    [Fact]
    public void every_operation_does_what_it_does_to_the_bits_of_the_pages() =>
        Gen.Select(Sets, Sets).Hold(20_000, static sets =>
        {
            (AddressRange[] left, AddressRange[] right) = sets;
            int both = Bits(left) & Bits(right);
            Bits(AddressRanges.Intersect(left, right)).Should().Be(both);
            Bits(AddressRanges.Subtract(left, right)).Should().Be(Bits(left) & ~both);
            AddressRanges.Subtract(left, []).Should().Equal(left);
            AddressRanges.Union(left, right).Should().Equal(Ranges(Bits(left) | Bits(right), 0));
            AddressRanges.MergeAdjacent(left).Should().Equal(Ranges(Bits(left), 0));
            AddressRanges.TotalBytes(left).Should().Be(4096 * ulong.PopCount((ulong)Bits(left)));
            foreach (AddressRange range in right)
            {
                int bits = Bits([range]);
                AddressRanges.Overlaps(left, range).Should().Be((bits & Bits(left)) != 0);
                AddressRanges.Contains(left, range).Should().Be((bits & ~Bits(left)) == 0);
                AddressRanges.AnyContains(left, range).Should().Be(left.Any(one => one.Contains(range)));
                AddressRanges.FirstEndingAbove(left, range.Start)
                    .Should().Be(left.Count(one => one.End <= range.Start));
            }
        }, least: 300);

    [Fact]
    public void a_set_and_its_gaps_are_all_addresses() => Sets.Hold(5_000, static set =>
    {
        AddressRange[] gaps = AddressRanges.Gaps(set);
        AddressRanges.Intersect(gaps, set).Should().BeEmpty();
        AddressRanges.Union(gaps, set).Should().Equal(All);
        AddressRanges.Gaps(gaps).Should().Equal(AddressRanges.MergeAdjacent(set));
    }, least: 100);

    private static void ShouldBeRefused(AddressRange[] ranges, string refused)
    {
        Action[] calls =
        [
            () => AddressRanges.MergeAdjacent(ranges), () => AddressRanges.Gaps(ranges),
            () => AddressRanges.TotalBytes(ranges), () => AddressRanges.Intersect(ranges, []),
            () => AddressRanges.Intersect([], ranges), () => AddressRanges.Subtract([], ranges),
            () => AddressRanges.Union([], ranges), () => AddressRanges.Union(ranges, []),
        ];
        foreach (Action call in calls)
        {
            call.Should().Throw<ArgumentException>()
                .WithMessage($"{refused} is empty, or not above the range before it");
        }
    }

    private static AddressRange[] Ranges(int pages, int ends)
    {
        List<AddressRange> ranges = [];
        for (int page = 0; page < Pages; page++)
        {
            ulong start = 4096 * (ulong)page;
            if ((pages & (1 << page)) == 0)
                continue;
            if (ranges.Count > 0 && ranges[^1].End == start && (ends & (1 << page)) == 0)
                ranges[^1] = AddressRange.Create(ranges[^1].Start, start + 4096);
            else
                ranges.Add(AddressRange.Create(start, start + 4096));
        }

        return [.. ranges];
    }

    private static int Bits(AddressRange[] ranges)
    {
        int bits = 0;
        foreach (AddressRange range in ranges)
        {
            for (ulong address = range.Start; address < range.End; address += 4096)
                bits |= 1 << (int)(address / 4096);
        }

        return bits;
    }
}
