using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class AreaCountsTests
{
    private const ulong Page = 4096;

    private static readonly AddressRange[] Tdmrs = Machine.Ranges("4G..5G, 5G..6G");

    /// <summary>A run, what is reserved at its ends, and a chunk at the lower or upper end.</summary>
    [Theory]
    [InlineData("4G+1M..4G+2M", "none", 1, false, 1, 0)]
    [InlineData("4G+1M..4G+2M", "none", 1, true, 1, 0)]
    [InlineData("4G+1M..4G+2M", "below", 1, false, 0, 0)]
    [InlineData("4G+1M..4G+2M", "below", 1, true, 1, 0)]
    [InlineData("4G+1M..4G+2M", "above", 1, false, 1, 0)]
    [InlineData("4G+1M..4G+2M", "above", 1, true, 0, 0)]
    [InlineData("4G+1M..4G+2M", "both", 1, false, 0, 0)]
    [InlineData("4G+1M..4G+2M", "both", 1, true, 0, 0)]
    // All of it.
    [InlineData("4G+1M..4G+2M", "none", 256, false, 1, 0)]
    [InlineData("4G+1M..4G+2M", "below", 256, true, 0, 0)]
    [InlineData("4G+1M..4G+2M", "above", 256, false, 0, 0)]
    [InlineData("4G+1M..4G+2M", "both", 256, false, -1, 0)]
    [InlineData("4G+1M..4G+2M", "both", 256, true, -1, 0)]
    // What is reserved in another TDMR does not help.
    [InlineData("5G..5G+1M", "both", 1, false, 0, 1)]
    [InlineData("5G+4K..5G+1M", "both", 1, false, 0, 0)]
    [InlineData("5G-1M..5G", "both", 1, true, 1, 0)]
    [InlineData("5G-1M..5G-4K", "both", 1, true, 0, 0)]
    [InlineData("5G-1M..5G", "both", 256, true, 0, 0)]
    // Across the border of TDMRs.
    [InlineData("5G-4K..5G+4K", "both", 2, false, 0, 0)]
    [InlineData("5G-4K..5G+4K", "below", 2, false, 0, 1)]
    [InlineData("5G-4K..5G+4K", "above", 2, true, 1, 0)]
    [InlineData("5G-4K..5G+4K", "none", 2, false, 1, 1)]
    [InlineData("5G-4K..5G+4K", "none", 1, false, 1, 0)]
    [InlineData("5G-4K..5G+4K", "none", 1, true, 0, 1)]
    // Outside.
    [InlineData("3G..4G", "none", 1, true, 0, 0)]
    [InlineData("6G..7G", "none", 1, false, 0, 0)]
    public void a_chunk_that_is_merged_adds_an_area_unless_it_is_adjacent_to_one(
        string run, string reserved, int pages, bool atEnd, int first, int second)
    {
        AreaCounts counts = Counts(holes: 3, limit: 16, merge: true);
        counts.Add(Run(run, reserved), (ulong)pages * Page, atEnd);
        (counts[0], counts[1]).Should().Be((3 + first, second));
    }

    [Theory]
    [InlineData("4G+1M..4G+2M", "both", 256, 1, 0)]
    [InlineData("5G-4K..5G+4K", "both", 2, 1, 1)]
    [InlineData("6G..7G", "both", 1, 0, 0)]
    public void a_chunk_that_is_not_merged_always_adds_an_area(
        string run, string reserved, int pages, int first, int second)
    {
        AreaCounts counts = Counts(holes: 3, limit: 16, merge: false);
        counts.Add(Run(run, reserved), (ulong)pages * Page, atEnd: false);
        (counts[0], counts[1]).Should().Be((3 + first, second));
    }

    [Theory]
    [InlineData(2, "none", 1, true)]
    [InlineData(3, "none", 1, false)]
    [InlineData(2, "none", 0, false)]
    [InlineData(3, "below", 0, true)]
    [InlineData(4, "below", 0, true)]
    [InlineData(5, "below", 1, true)]
    public void a_chunk_fits_where_it_adds_no_more_than_is_wanted_and_left(
        int holes, string reserved, int maxNew, bool fits)
    {
        AreaCounts counts = Counts(holes, limit: 3, merge: true);
        FreeRun run = Run("4G+100M..4G+101M", reserved);
        counts.Fits(run, Page, atEnd: false, maxNew).Should().Be(fits);
        counts[0].Should().Be(holes, "nothing is placed by asking");
        counts.IsOverLimit(0).Should().Be(holes > 3);
    }

    [Fact]
    public void a_chunk_fits_only_where_every_tdmr_takes_it()
    {
        AreaCounts counts = Counts(holes: 3, limit: 3, merge: true);
        FreeRun run = Run("5G-4K..5G+4K", "none");
        counts.Fits(run, Page, atEnd: true, maxNew: 1).Should().BeTrue();
        counts.Fits(run, Page, atEnd: false, maxNew: 1).Should().BeFalse();
        counts.Fits(run, 2 * Page, atEnd: true, maxNew: 1).Should().BeFalse();

        AreaCounts above = Counts(holes: 3, limit: 3, merge: true, first: "5G");
        above.Fits(run, Page, atEnd: true, maxNew: 1).Should().BeFalse();
        above.Fits(run, Page, atEnd: false, maxNew: 1).Should().BeTrue();
        above.Fits(run, 2 * Page, atEnd: false, maxNew: 1).Should().BeFalse();
    }

    [Theory]
    [InlineData(false, 0x100000000, 0x100003000, 0x100010000, true, false)]
    [InlineData(true, 0x10000d000, 0x100000000, 0x10000d000, false, true)]
    public void what_is_taken_of_a_run_is_adjacent_to_what_is_left(
        bool atEnd, ulong taken, ulong start, ulong end, bool below, bool above)
    {
        FreeRun run = Run("4G..4G+64K", "none");
        run.Take(3 * Page, atEnd).Should().Be(taken);
        (run.Start, run.End, run.Size).Should().Be((start, end, 13 * Page));
        (run.ReservedBelow, run.ReservedAbove).Should().Be((below, above));
    }

    private static FreeRun Run(string range, string reserved) =>
        new(Machine.Range(range), reserved is "below" or "both", reserved is "above" or "both");

    /// <summary>Counts of TDMRs all of whose memory is RAM, with holes from an address on.</summary>
    private static AreaCounts Counts(int holes, int limit, bool merge, string first = "4G") => AreaCounts.Create(
        new ReducedHost(Machine.Of("4G..6G"), new() { MaxReservedAreas = limit }, []),
        Tdmrs,
        [.. Enumerable.Range(0, holes).Select(i => Machine.Range($"{first}+{8 * i}M..{first}+{8 * i}M+4K"))],
        merge);
}
