using TdxPamt.Module;

namespace TdxPamt.Tests.Module;

public class PamtEntryTests
{
    [Fact]
    public void a_page_entry_has_type_and_owner()
    {
        PamtEntry entry = PamtEntry.ForPage(PamtPageType.Regular, 0xABCDE12345000);
        entry.Should().Be(new PamtEntry(0xABCDE12345_03_0000, 0));
        (entry.Type, entry.Owner, entry.Page0, entry.Page1)
            .Should().Be((PamtPageType.Regular, 0xABCDE12345000UL, 0UL, 0UL));
        PamtEntry.ForPage(PamtPageType.Reserved).Should().Be(new PamtEntry(0x10000, 0));
        default(PamtEntry).Type.Should().Be(PamtPageType.NotUsed);
        PamtEntry any = new(ulong.MaxValue, ulong.MaxValue);
        (any.Page0, any.Page1, any.PageCount).Should().Be((0UL, 0UL, 0), "it is no pair's");
    }

    [Fact]
    public void a_pair_entry_has_both_pages_and_a_count()
    {
        PamtEntry entry = PamtEntry.ForPair(0xFEDCBA987000, 0x123456789000, 512);
        entry.Should().Be(new PamtEntry(0xFEDCBA987_00F_0000, 0x123456789_0000200));
        (entry.Type, entry.Page0, entry.Page1, entry.PageCount, entry.Owner)
            .Should().Be((PamtPageType.Pamt, 0xFEDCBA987000UL, 0x123456789000UL, 512, 0UL));
    }

    [Fact]
    public void values_that_do_not_fit_are_refused()
    {
        foreach ((Action use, string message) in new (Action, string)[]
        {
            (static () => PamtEntry.ForPage((PamtPageType)32), "type must be from 0 to 31*"),
            (static () => PamtEntry.ForPage(PamtPageType.Tdr, 1UL << 52),
                "owner must be a multiple of 4096 below 2^52*"),
            (static () => PamtEntry.ForPage(PamtPageType.Tdr, 0x800), "owner must be a multiple of 4096 below 2^52*"),
            (static () => PamtEntry.ForPair(1UL << 48, 0), "page0 must be a multiple of 4096 below 2^48*"),
            (static () => PamtEntry.ForPair(0, 0x1001), "page1 must be a multiple of 4096 below 2^48*"),
            (static () => PamtEntry.ForPair(0, 0, 513), "pageCount must be from 0 to 512*"),
            (static () => PamtEntry.Read(new byte[15]), "a PAMT entry must have 16 bytes, and this one has 15"),
            (static () => default(PamtEntry).Write(new byte[15]), "a PAMT entry needs 16 bytes, and there are 15"),
        })
        {
            use.Should().Throw<ArgumentException>().WithMessage(message);
        }
    }

    [Fact]
    public void an_entry_and_a_page_print_what_they_hold()
    {
        PamtEntry.ForPage(PamtPageType.Regular, 0x12000).ToString()
            .Should().Be("Regular 0x0000000000000000_0000000012030000");
        new PamtPage(PageSize.Page2M, PamtPageType.Ept, 0x12000).ToString().Should().Be("Page2M Ept of 0x12000");
    }
}
