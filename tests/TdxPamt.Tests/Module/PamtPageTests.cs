using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

public class PamtPageTests
{
    private const ulong Owner = 0x123456000;
    private const ulong Invalid = 0xC000010000000001;
    private const ulong NotInitialized = 0xC000010100000001;
    private const ulong PageNotFree = 0xC000030300000001;
    private const ulong RangeNotFree = 0xC000030400000001;

    /// <summary>A 2M region, and a GiB, without reserved pages.</summary>
    private const ulong Region = (8 * GiB) + (32 * MiB);
    private const ulong FreeGiB = 9 * GiB;

    private readonly TdmrInfoEntry[] _tdmrs = Create();
    private readonly ModuleMachine _machine;
    private readonly TdxModule _module;

    public PamtPageTests()
    {
        _machine = ModuleMachine.Ready(_tdmrs);
        _module = _machine.Module;
        _machine.Initialize(_tdmrs);
    }

    [Theory]
    [InlineData(PageSize.Page4K, PamtPageType.Tdr)]
    [InlineData(PageSize.Page2M, PamtPageType.Regular)]
    [InlineData(PageSize.Page1G, PamtPageType.Regular)]
    public void an_assigned_page_is_tracked_by_the_entry_of_its_size_alone(PageSize size, PamtPageType type)
    {
        _module.AssignPage(FreeGiB, size, type, Owner).Should().Be(CompletionStatus.Success);
        foreach (ulong address in new[] { FreeGiB, FreeGiB + size.Bytes() - 1 })
            _machine.Page(address).Should().Be(new PamtPage(size, type, Owner));
        _machine.Page(FreeGiB - 1).Type.Should().Be(PamtPageType.NotUsed);
        if (size != PageSize.Page1G)
            _machine.Page(FreeGiB + size.Bytes()).Type.Should().Be(PamtPageType.NotUsed);
        foreach (PageSize level in PageSizes.All)
        {
            ulong entryAt = _tdmrs[2].GetPamt(level).Base + (GiB / level.Bytes() * 16);
            PamtEntry.Read(_machine.Read(entryAt, 16))
                .Should().Be(level == size ? PamtEntry.ForPage(type, Owner) : default);
        }

        _module.ReleasePage(FreeGiB, size).Should().Be(CompletionStatus.Success);
        _machine.Page(FreeGiB).Should().Be(new PamtPage(PageSize.Page4K, PamtPageType.NotUsed, 0));
    }

    [Fact]
    public void entries_are_no_bits_without_dynamic_pamt()
    {
        // The type of the first page's entry would be the bits of the pages from the 16th on.
        _module.AssignPage(8 * GiB, PageSize.Page4K, PamtPageType.Regular, Owner).IsSuccess.Should().BeTrue();
        _machine.Page((8 * GiB) + (16 * Page)).Should().Be(new PamtPage(PageSize.Page4K, PamtPageType.NotUsed, 0));
    }

    [Fact]
    public void a_page_in_use_blocks_every_size_around_it()
    {
        foreach (PageSize size in PageSizes.All)
        {
            _module.AssignPage(FreeGiB, size, PamtPageType.Regular, Owner).Should().Be(CompletionStatus.Success);
            _module.AssignPage(FreeGiB, PageSize.Page4K, PamtPageType.Regular, Owner).Value.Should().Be(PageNotFree);
            _module.AssignPage(FreeGiB, PageSize.Page2M, PamtPageType.Regular, Owner).Value.Should().Be(RangeNotFree);
            _module.AssignPage(FreeGiB, PageSize.Page1G, PamtPageType.Regular, Owner).Value.Should().Be(RangeNotFree);
            _module.ReleasePage(FreeGiB, size).Should().Be(CompletionStatus.Success);
        }
    }

    [Fact]
    public void the_last_page_of_a_range_blocks_it_and_the_next_one_does_not()
    {
        _module.AssignPage(Region + (2 * MiB) - Page, PageSize.Page4K, PamtPageType.Ept, Owner).IsSuccess
            .Should().BeTrue();
        _module.AssignPage(Region, PageSize.Page2M, PamtPageType.Regular, Owner).Value.Should().Be(RangeNotFree);
        _module.AssignPage(Region - (2 * MiB), PageSize.Page2M, PamtPageType.Regular, Owner).IsSuccess
            .Should().BeTrue();
        _module.AssignPage(Region + (2 * MiB), PageSize.Page2M, PamtPageType.Regular, Owner).IsSuccess
            .Should().BeTrue();
        _module.AssignPage((10 * GiB) - Page, PageSize.Page4K, PamtPageType.Ept, Owner).IsSuccess.Should().BeTrue();
        _module.AssignPage(FreeGiB, PageSize.Page1G, PamtPageType.Regular, Owner).Value.Should().Be(RangeNotFree);
    }

    [Fact]
    public void reserved_pages_are_never_free()
    {
        ulong reserved = (8 * GiB) + MiB;
        _machine.Page(reserved).Should().Be(new PamtPage(PageSize.Page4K, PamtPageType.Reserved, 0));
        _module.AssignPage(reserved, PageSize.Page4K, PamtPageType.Regular, Owner).Value.Should().Be(PageNotFree);
        _module.AssignPage(8 * GiB, PageSize.Page2M, PamtPageType.Regular, Owner).Value.Should().Be(RangeNotFree);
        _module.AssignPage(8 * GiB, PageSize.Page1G, PamtPageType.Regular, Owner).Value.Should().Be(RangeNotFree);
        _module.ReleasePage(reserved, PageSize.Page4K).Value.Should().Be(Invalid);
    }

    [Fact]
    public void addresses_that_are_no_page_are_refused()
    {
        _module.AssignPage(Region + 8, PageSize.Page4K, PamtPageType.Regular, Owner).Value.Should().Be(Invalid);
        _module.AssignPage(Region + Page, PageSize.Page2M, PamtPageType.Regular, Owner).Value.Should().Be(Invalid);
        _module.AssignPage(1UL << 46, PageSize.Page4K, PamtPageType.Regular, Owner).Value.Should().Be(Invalid);
        _module.AssignPage(ulong.MaxValue, PageSize.Page4K, PamtPageType.Regular, Owner).Value.Should().Be(Invalid);
        _module.AssignPage(7 * GiB, PageSize.Page4K, PamtPageType.Regular, Owner).Value.Should().Be(NotInitialized);
        _module.AssignPage(12 * GiB, PageSize.Page4K, PamtPageType.Regular, Owner).Value.Should().Be(NotInitialized);
        _module.ReleasePage(Region + 8, PageSize.Page4K).Value.Should().Be(Invalid);
        _module.ReleasePage(1UL << 46, PageSize.Page4K).Value.Should().Be(Invalid);
        _module.ReleasePage(7 * GiB, PageSize.Page4K).Value.Should().Be(NotInitialized);
        _module.ReleasePage(Region, PageSize.Page4K).Value.Should().Be(Invalid, "it is not in use");
        _module.TryGetPage(7 * GiB, out _).Should().BeFalse();
        _module.TryGetPage(ulong.MaxValue, out _).Should().BeFalse();
    }

    [Fact]
    public void a_page_is_released_with_its_own_size()
    {
        _module.AssignPage(Region, PageSize.Page2M, PamtPageType.Regular, Owner).IsSuccess.Should().BeTrue();
        _module.ReleasePage(Region, PageSize.Page4K).Value.Should().Be(Invalid);
        _module.ReleasePage(Region + Page, PageSize.Page2M).Value.Should().Be(Invalid);
        _module.ReleasePage(8 * GiB, PageSize.Page1G).Value.Should().Be(Invalid);
        _module.ReleasePage(Region, PageSize.Page2M).IsSuccess.Should().BeTrue();
    }

    [Fact]
    public void before_the_module_is_configured_no_page_is_known()
    {
        TdxModule module = new(Cmrs);
        module.TryGetPage(4 * GiB, out _).Should().BeFalse();
        module.AssignPage(4 * GiB, PageSize.Page4K, PamtPageType.Regular, 0).Value.Should().Be(0xC000050500000000);
        module.ReleasePage(4 * GiB, PageSize.Page4K).Value.Should().Be(0xC000050500000000);
    }

    [Fact]
    public void types_and_sizes_that_are_no_tds_pages_are_a_callers_bug()
    {
        foreach (PamtPageType type in new[] { PamtPageType.NotUsed, PamtPageType.Reserved, PamtPageType.Pamt })
        {
            FluentActions.Invoking(() => _module.AssignPage(Region, PageSize.Page4K, type, 0))
                .Should().Throw<ArgumentException>().WithMessage($"type must be that of a TD's page, and it is {type}");
        }

        FluentActions.Invoking(() => _module.AssignPage(Region, (PageSize)3, PamtPageType.Regular, 0))
            .Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => _module.ReleasePage(Region, (PageSize)3))
            .Should().Throw<ArgumentOutOfRangeException>();
    }
}
