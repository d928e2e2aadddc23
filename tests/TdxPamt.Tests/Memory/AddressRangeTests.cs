namespace TdxPamt.Tests.Memory;

public class AddressRangeTests
{
    [Theory]
    [InlineData(0, 0x1000)]
    [InlineData(0x1000, 0x2000)]
    [InlineData(0, 1UL << 52)]
    [InlineData((1UL << 52) - 4096, 1UL << 52)]
    public void whole_pages_below_2_to_the_52_make_a_range(ulong start, ulong end)
    {
        AddressRange range = AddressRange.Create(start, end);

        range.Start.Should().Be(start);
        range.End.Should().Be(end);
        range.Size.Should().Be(end - start);
        range.Pages.Should().Be((end - start) / 4096);
        AddressRange.TryCreate(start, end, out AddressRange tried).Should().BeTrue();
        tried.Should().Be(range);
        AddressRange.TryCreate(start, end, out tried, out AddressRangeFailure? failure).Should().BeTrue();
        tried.Should().Be(range);
        failure.Should().BeNull();
    }

    [Theory]
    [InlineData(0x2000, 0x1000, "[0x2000, 0x1000) ends before it starts",
        AddressRangeFailureCode.EndsBeforeStart)]
    [InlineData(0x1000, 0x1000, "[0x1000, 0x1000) is empty", AddressRangeFailureCode.Empty)]
    [InlineData(0, 0, "[0x0, 0x0) is empty", AddressRangeFailureCode.Empty)]
    [InlineData(0x1001, 0x2000, "[0x1001, 0x2000) is not a whole number of 4 KiB pages",
        AddressRangeFailureCode.NotWholePages)]
    [InlineData(0x1000, 0x1fff, "[0x1000, 0x1fff) is not a whole number of 4 KiB pages",
        AddressRangeFailureCode.NotWholePages)]
    [InlineData(1, 1UL << 52, "[0x1, 0x10000000000000) is not a whole number of 4 KiB pages",
        AddressRangeFailureCode.NotWholePages)]
    [InlineData(0, (1UL << 52) + 4096, "[0x0, 0x10000000001000) is not below 2^52*",
        AddressRangeFailureCode.AboveLimit)]
    [InlineData(0, ulong.MaxValue - 4095, "[0x0, 0xfffffffffffff000) is not below 2^52*",
        AddressRangeFailureCode.AboveLimit)]
    [InlineData(ulong.MaxValue - 4095, 0, "[0xfffffffffffff000, 0x0) ends before it starts",
        AddressRangeFailureCode.EndsBeforeStart)]
    public void other_ends_are_refused_with_the_reason(
        ulong start, ulong end, string reason, AddressRangeFailureCode code)
    {
        Action create = () => AddressRange.Create(start, end);

        create.Should().Throw<ArgumentException>().WithMessage(reason);
        AddressRange.TryCreate(start, end, out AddressRange range).Should().BeFalse();
        range.Should().Be(default(AddressRange));
        AddressRange.TryCreate(start, end, out range, out AddressRangeFailure? failure).Should().BeFalse();
        range.Should().Be(default(AddressRange));
        (failure!.Code, failure.Start, failure.End).Should().Be((code, start, end));
        failure.Message.Should().Match(reason);
        failure.ToString().Should().Be(failure.Message);
    }

    [Theory]
    [InlineData(0x4000, 0x5000, false, false, "")]
    [InlineData(0x5000, 0x6000, true, true, "[0x5000, 0x6000)")]
    [InlineData(0x5000, 0x8000, true, true, "[0x5000, 0x8000)")]
    [InlineData(0x7000, 0x8000, true, true, "[0x7000, 0x8000)")]
    [InlineData(0x8000, 0x9000, false, false, "")]
    [InlineData(0x4000, 0x6000, true, false, "[0x5000, 0x6000)")]
    [InlineData(0x7000, 0x9000, true, false, "[0x7000, 0x8000)")]
    [InlineData(0x4000, 0x9000, true, false, "[0x5000, 0x8000)")]
    public void ranges_overlap_where_they_share_a_page_and_adjacent_ones_do_not(
        ulong start, ulong end, bool overlaps, bool contains, string shared)
    {
        AddressRange range = AddressRange.Create(0x5000, 0x8000);
        AddressRange other = AddressRange.Create(start, end);

        range.Overlaps(other).Should().Be(overlaps);
        other.Overlaps(range).Should().Be(overlaps);
        range.Contains(other).Should().Be(contains);
        AddressRange intersection = range.Intersect(other);
        intersection.Should().Be(other.Intersect(range));
        (intersection == default ? "" : intersection.ToString()).Should().Be(shared);
    }

    [Theory]
    [InlineData(0x4fff, false)]
    [InlineData(0x5000, true)]
    [InlineData(0x7fff, true)]
    [InlineData(0x8000, false)]
    public void a_range_contains_addresses_from_its_start_to_below_its_end(ulong address, bool contains) =>
        AddressRange.Create(0x5000, 0x8000).Contains(address).Should().Be(contains);

    [Fact]
    public void the_default_range_is_empty_and_overlaps_nothing()
    {
        AddressRange range = default;

        range.Size.Should().Be(0);
        range.Pages.Should().Be(0);
        range.Contains(0).Should().BeFalse();
        range.Overlaps(AddressRange.Create(0, 0x1000)).Should().BeFalse();
        AddressRange.Create(0, 0x1000).Overlaps(range).Should().BeFalse();
    }

    [Fact]
    public void a_range_prints_half_open_in_hexadecimal() =>
        AddressRange.Create(0x1000, 0x9f000).ToString().Should().Be("[0x1000, 0x9f000)");
}
