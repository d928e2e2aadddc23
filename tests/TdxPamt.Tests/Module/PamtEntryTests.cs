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
        FluentActions.Invoking(() => PamtEntry.ForPage((PamtPageType)32)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => PamtEntry.ForPage(PamtPageType.Tdr, 1UL << 52))
            .Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => PamtEntry.ForPage(PamtPageType.Tdr, 0x800))
            .Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => PamtEntry.ForPair(1UL << 48, 0)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => PamtEntry.ForPair(0, 0x1001)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => PamtEntry.ForPair(0, 0, 513)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => PamtEntry.Read(new byte[15])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => default(PamtEntry).Write(new byte[15])).Should().Throw<ArgumentException>();
    }
}
