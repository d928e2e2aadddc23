using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

public class DynamicPamtTests
{
    private const ulong Region = (8 * GiB) + (32 * MiB);
    private const ulong Page0 = (8 * GiB) + (64 * MiB);
    private const ulong Page1 = (8 * GiB) + (96 * MiB) + Page;
    private const ulong Invalid = 0xC000010000000000;
    private const ulong NotInitialized = 0xC000010100000000;
    private const ulong PageNotFree = 0xC000030300000000;
    private const ulong RangeNotFree = 0xC000030400000001;
    private const ulong NotAsWanted = 0xC000030000000001;
    private const ulong MissingPair = 0x8000030800000001;
    private const ulong Tdr = (9 * GiB) + (512 * MiB);
    private const ulong NoPair = 0xC000030500000001;
    private const ulong NotEmpty = 0xC000030600000000;

    private readonly TdmrInfoEntry[] _tdmrs = Create(new() { DynamicPamt = true });
    private readonly ModuleMachine _machine;

    public DynamicPamtTests()
    {
        _machine = ModuleMachine.Ready(_tdmrs, dynamic: true);
        _machine.Initialize(_tdmrs[2]);
        for (int call = 0; call < 63; call++)
            _machine.Call(36, 5 * GiB);
        _machine.AddTdr(Tdr, Tdr + (2 * MiB));
    }

    [Fact]
    public void a_pair_gives_a_region_4k_entries()
    {
        _machine.Module.Memory.Write(Page0, [.. Enumerable.Repeat((byte)0xFF, 0x1000)]);
        _machine.Module.Memory.Write(Page1, [.. Enumerable.Repeat((byte)0xFF, 0x1000)]);
        _machine.Page(Region).Level.Should().Be(PageSize.Page2M);
        _machine.Call(58, Region | 1, Page0, Page1, 9)
            .Should().Be(new SeamcallRegisters { Rcx = Region | 1, Rdx = Page0, R8 = Page1, R9 = 9 });
        Entry2M(Region).Should().Be(PamtEntry.ForPair(Page0, Page1));
        _machine.Read(Page0, 0x1000).Should().AllBeEquivalentTo((byte)0);
        _machine.Read(Page1, 0x1000).Should().AllBeEquivalentTo((byte)0);
        (Bit(Page0), Bit(Page1), Bit(Page0 + Page), Bit(Page1 - Page)).Should().Be((true, true, false, false));
        _machine.Page(Region).Should().Be(new PamtPage(PageSize.Page4K, PamtPageType.NotUsed, 0));
        _machine.Page(Page1).Should().Be(new PamtPage(PageSize.Page4K, PamtPageType.Pamt, 0));
    }

    [Fact]
    public void the_entries_of_pages_lie_in_the_pair()
    {
        Add(Region, Page0, Page1).Should().Be(0);
        foreach (ulong index in new ulong[] { 0, 255, 256, 511 })
        {
            ulong at = index < 256 ? Page0 + (16 * index) : Page1 + (16 * (index - 256));
            ulong page = Region + (index * Page);
            Assign(page, PageSize.Page4K).Should().Be(0);
            PamtEntry.Read(_machine.Read(at, 16)).Should().Be(PamtEntry.ForPage(PamtPageType.Regular, Tdr));
            _machine.Page(page).Should().Be(new PamtPage(PageSize.Page4K, PamtPageType.Regular, Tdr));
        }

        Entry2M(Region).PageCount.Should().Be(4);
        _machine.Reclaim(Region).IsSuccess.Should().BeTrue();
        Entry2M(Region).Should().Be(PamtEntry.ForPair(Page0, Page1, 3));
    }

    [Fact]
    public void a_4k_page_needs_a_pair_and_a_2m_page_none()
    {
        Assign(Region, PageSize.Page4K).Should().Be(MissingPair);
        Assign(Region, PageSize.Page2M).Should().Be(0);
        Add(Region, Page0, Page1).Should().Be(RangeNotFree);
        Add(Region + (2 * MiB), Region + Page, Page1).Should().Be(PageNotFree + 2, "it is in a 2M page");
    }

    [Fact]
    public void a_region_with_a_pair_cannot_be_mapped_larger()
    {
        Add(Region, Page0, Page1).Should().Be(0);
        Assign(Region, PageSize.Page2M).Should().Be(NotAsWanted);
        Add(Region, Page0 + Page, Page1 + Page).Should().Be(RangeNotFree);
    }

    [Fact]
    public void pages_of_a_pair_cannot_be_used()
    {
        Add(Region, Page0, Page1).Should().Be(0);
        Assign(Page0, PageSize.Page4K).Should().Be(MissingPair);
        Assign(Page0, PageSize.Page2M).Should().Be(NotAsWanted);
        Add(Region + (2 * MiB), Page0, Page1).Should().Be(PageNotFree + 2);
        Add(Region + (2 * MiB), Page0 + Page, Page1).Should().Be(PageNotFree + 8);
        Bit(Page0 + Page).Should().BeFalse("it is rolled back");
        Add(Page0, Region + (4 * MiB), Region + (6 * MiB))
            .Should().Be(0, "the region around a pair's page may get its own");
        Assign(Page0, PageSize.Page4K).Should().Be(NotAsWanted);
        Assign(Page0 + Page, PageSize.Page4K).Should().Be(0);
    }

    [Fact]
    public void a_page_may_lie_in_the_region_it_describes()
    {
        Add(Region, Region, Region + (2 * MiB) - Page).Should().Be(0);
        Assign(Region, PageSize.Page4K).Should().Be(NotAsWanted);
        Assign(Region + Page, PageSize.Page4K).Should().Be(0);
        _machine.Reclaim(Region + Page).IsSuccess.Should().BeTrue();
        _machine.Call(59, Region | 1).Rax.Should().Be(0);
        Assign(Region, PageSize.Page2M).Should().Be(0);
    }

    [Fact]
    public void a_free_page_of_a_region_with_a_pair_may_be_a_pairs_page()
    {
        Add(Region, Page0, Page1).Should().Be(0);
        Assign(Region + Page, PageSize.Page4K).Should().Be(0);
        Add(Region + (2 * MiB), Region + Page, Page1 + Page).Should().Be(PageNotFree + 2);
        Add(Region + (2 * MiB), Page1 + Page, Region + Page).Should().Be(PageNotFree + 8);
        Bit(Page1 + Page).Should().BeFalse();
        Add(Region + (2 * MiB), Region + (2 * Page), Region + (3 * Page)).Should().Be(0);
    }

    [Fact]
    public void one_page_twice_fails_on_the_second_and_is_rolled_back()
    {
        Add(Region, Page0, Page0).Should().Be(PageNotFree + 8);
        Bit(Page0).Should().BeFalse();
        Entry2M(Region).Should().Be(default(PamtEntry));
    }

    [Fact]
    public void reserved_pages_cannot_be_a_pairs()
    {
        Add(Region, (8 * GiB) + MiB, Page1).Should().Be(PageNotFree + 2);
        Add(Region, Page0, (8 * GiB) + MiB).Should().Be(PageNotFree + 8);
        Bit(Page0).Should().BeFalse();
    }

    [Theory]
    [InlineData(Region, Page0, Page1, Invalid + 1)]
    [InlineData(Region | 2, 1, 1, Invalid + 1)]
    [InlineData((Region + Page) | 1, 1, 1, Invalid + 1)]
    [InlineData(Region | 9, 1, 1, Invalid + 1)]
    [InlineData((1UL << 46) | 1, 1, 1, Invalid + 1)]
    [InlineData((1UL << 52) | 1, 1, 1, Invalid + 1)]
    [InlineData((7 * GiB) | 1, 1, 1, Invalid + 2)]
    [InlineData(Region | 1, 1UL << 46, 1, Invalid + 2)]
    [InlineData(Region | 1, 1UL << 52, 1, Invalid + 2)]
    [InlineData(Region | 1, Page0, Page1 + 0x800, Invalid + 8)]
    [InlineData(Region | 1, 7 * GiB, 1UL << 51, NotInitialized + 2)]
    [InlineData((7 * GiB) | 1, Page0, 1UL << 51, Invalid + 8)]
    [InlineData((7 * GiB) | 1, 7 * GiB, 7 * GiB, NotInitialized + 2)]
    [InlineData((7 * GiB) | 1, Page0, 5 * GiB, NotInitialized + 8)]
    [InlineData((7 * GiB) | 1, Page0, Page0, NotInitialized + 1)]
    [InlineData((5 * GiB) | 1, Page0, Page0, NotInitialized + 1)]
    public void add_names_the_first_bad_operand(ulong rcx, ulong rdx, ulong r8, ulong status) =>
        _machine.Call(58, rcx, rdx, r8, 9)
            .Should().Be(new SeamcallRegisters { Rax = status, Rcx = rcx, Rdx = rdx, R8 = r8, R9 = 9 });

    [Fact]
    public void the_region_is_looked_at_before_its_pages()
    {
        Add(Region, Page0, Page1).Should().Be(0);
        Add(Region, Page0, Page1).Should().Be(RangeNotFree);
    }

    [Fact]
    public void remove_hands_the_pair_back()
    {
        Add(Region, Page0, Page1).Should().Be(0);
        _machine.Call(59, Region | 1, 5, 6, 7)
            .Should().Be(new SeamcallRegisters { Rcx = Region | 1, Rdx = Page0, R8 = Page1, R9 = 7 });
        Entry2M(Region).Type.Should().Be(PamtPageType.NotUsed, "the pages' addresses stay");
        (Bit(Page0), Bit(Page1)).Should().Be((false, false));
        _machine.Call(59, Region | 1, 5, 6, 7)
            .Should().Be(new SeamcallRegisters { Rax = NoPair, Rcx = Region | 1, Rdx = 5, R8 = 6, R9 = 7 });
        Add(Region, Page1, Page0).Should().Be(0);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(255, 0)]
    [InlineData(256, 1)]
    [InlineData(511, 1)]
    public void remove_names_the_page_that_is_not_empty(ulong index, ulong page)
    {
        Add(Region, Page0, Page1).Should().Be(0);
        Assign(Region + (index * Page), PageSize.Page4K).Should().Be(0);
        _machine.Call(59, Region | 1, 5, 6).Should().Be(
            new SeamcallRegisters { Rax = NotEmpty + page, Rcx = Region | 1, Rdx = 5, R8 = 6 });
        Entry2M(Region).Type.Should().Be(PamtPageType.Pamt);
    }

    [Theory]
    [InlineData(Region, Invalid + 1)]
    [InlineData((Region + Page) | 1, Invalid + 1)]
    [InlineData((1UL << 51) | 1, Invalid + 1)]
    [InlineData((7 * GiB) | 1, NotInitialized + 1)]
    [InlineData((5 * GiB) | 1, NotInitialized + 1)]
    [InlineData(Region | 1, NoPair)]
    public void remove_checks_its_region(ulong rcx, ulong status) => _machine.Call(59, rcx).Rax.Should().Be(status);

    [Fact]
    public void a_2m_page_has_no_pair_to_remove()
    {
        Assign(Region, PageSize.Page2M).Should().Be(0);
        _machine.Call(59, Region | 1).Rax.Should().Be(NoPair);
    }

    [Fact]
    public void without_dynamic_pamt_on_there_are_no_such_calls()
    {
        ModuleMachine machine = new();
        machine.Call(58, Region | 1, Page0, Page1).Rax.Should().Be(0xC000050500000000, "it is not ready");
        machine.Put(Create());
        machine.Call(45, ModuleMachine.ArrayAt, 3, 32).Rax.Should().Be(0);
        machine.Call(31);
        machine.Initialize(Create()[2]).Should().Be(512);
        machine.Call(58, Region | 1, Page0, Page1).Rax.Should().Be(Invalid);
        machine.Call(59, Region | 1).Rax.Should().Be(Invalid);
    }

    [Theory]
    [InlineData(3, Invalid + 8)]
    [InlineData(4, 0)]
    public void pages_that_no_entry_can_name_are_kept_out_by_four_key_id_bits(int bits, ulong status)
    {
        ModuleMachine machine = new(new() { KeyIdBits = bits });
        machine.Put(_tdmrs);
        machine.Call(45, ModuleMachine.ArrayAt, 3, (1UL << (bits - 1)) | (1 << 16)).Rax.Should().Be(status);
    }

    private ulong Add(ulong region, ulong page0, ulong page1) => _machine.Call(58, region | 1, page0, page1).Rax;

    private ulong Assign(ulong address, PageSize size) =>
        _machine.Take(address, size, Tdr).Value;

    private PamtEntry Entry2M(ulong address) =>
        PamtEntry.Read(_machine.Read(_tdmrs[2].Pamt2M.Base + ((address - (8 * GiB)) / (2 * MiB) * 16), 16));

    private bool Bit(ulong address)
    {
        ulong page = (address - (8 * GiB)) / Page;
        return (_machine.Read(_tdmrs[2].Pamt4K.Base + (page / 8), 1)[0] >> (int)(page % 8) & 1) != 0;
    }
}
