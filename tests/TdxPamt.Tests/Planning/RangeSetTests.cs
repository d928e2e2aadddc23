using CsCheck;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class RangeSetTests
{
    private const int Pages = 24;

    /// <summary>Ranges over a few pages: bits say which are in, and where a range ends though the next page is in too.
    /// </summary>
    private static readonly Gen<AddressRange[]> Sets =
        Gen.Select(Gen.Int[0, (1 << Pages) - 1], Gen.Int[0, (1 << Pages) - 1], Ranges);

    [Fact]
    public void sets_are_those_of_their_pages() => Gen.Select(Sets, Sets).Hold(20_000, static sets =>
    {
        (AddressRange[] left, AddressRange[] right) = sets;
        int both = Bits(left) & Bits(right);
        Bits(RangeSet.Intersect(left, right)).Should().Be(both);
        Bits(RangeSet.Subtract(left, right)).Should().Be(Bits(left) & ~both);
        RangeSet.Subtract(left, []).Should().Equal(left);
        RangeSet.Unite(left, right).Should().Equal(Ranges(Bits(left) | Bits(right), 0));
        RangeSet.Join(left).Should().Equal(Ranges(Bits(left), 0));
        RangeSet.Bytes(left).Should().Be(4096 * ulong.PopCount((ulong)Bits(left)));
        foreach (AddressRange range in right)
            RangeSet.Overlap(left, range.Start, range.End).Should().Be((Bits([range]) & Bits(left)) != 0);
    }, least: 300);

    [Fact]
    public void gaps_and_ranges_are_all_addresses() => Sets.Hold(5_000, static set =>
    {
        AddressRange[] gaps = RangeSet.Gaps(set);
        RangeSet.Intersect(gaps, set).Should().BeEmpty();
        RangeSet.Unite(gaps, set).Should().Equal(AddressRange.Create(0, AddressRange.Limit));
        RangeSet.Gaps([AddressRange.Create(4096, AddressRange.Limit)]).Should().Equal(AddressRange.Create(0, 4096));
        RangeSet.Gaps([AddressRange.Create(0, AddressRange.Limit)]).Should().BeEmpty();
    }, least: 100);

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
