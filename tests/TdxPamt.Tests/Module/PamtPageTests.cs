using TdxPamt.Module;
using static TdxPamt.Tests.Support.SampleTdmrs;

namespace TdxPamt.Tests.Module;

public class PamtPageTests
{
    private const ulong Tdr = (9 * GiB) + (512 * MiB);
    private const ulong Invalid = 0xC000010000000001;
    private const ulong NotInitialized = 0xC000010100000001;
    private const ulong NotAsWanted = 0xC000030000000001;
    private const ulong WrongLife = 0xC000060700000000;

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
        _machine.AddTdr(Tdr, 0);
    }

    [Theory]
    [InlineData(PageSize.Page4K, PamtPageType.Tdcx)]
    [InlineData(PageSize.Page2M, PamtPageType.Regular)]
    public void a_page_is_tracked_by_the_entry_of_its_size_alone(PageSize size, PamtPageType type)
    {
        _machine.Take(FreeGiB, size, Tdr, type).Should().Be(CompletionStatus.Success);
        foreach (ulong address in new[] { FreeGiB, FreeGiB + size.Bytes() - 1 })
            _machine.Page(address).Should().Be(new PamtPage(size, type, Tdr));
        _machine.Page(FreeGiB - 1).Type.Should().Be(PamtPageType.NotUsed);
        _machine.Page(FreeGiB + size.Bytes()).Type.Should().Be(PamtPageType.NotUsed);
        foreach (PageSize level in PageSizes.All)
        {
            ulong entryAt = _tdmrs[2].GetPamt(level).Base + (GiB / level.Bytes() * 16);
            PamtEntry.Read(_machine.Read(entryAt, 16))
                .Should().Be(level == size ? PamtEntry.ForPage(type, Tdr) : default);
        }

        SeamcallRegisters known = _machine.Call(24, FreeGiB);
        known.Should().Be(new SeamcallRegisters { Rcx = (ulong)type, Rdx = Tdr, R8 = (ulong)size });
        _machine.Call(28, FreeGiB).Should().Be(known);
        _machine.Call(24, FreeGiB).Rcx.Should().Be(0);
        _machine.Call(24, FreeGiB).Rdx.Should().Be(size == PageSize.Page4K ? Tdr : 0, "a free page keeps its owner");
    }

    [Fact]
    public void entries_are_no_bits_without_dynamic_pamt()
    {
        // The type of the first page's entry would be the bits of the pages from the 16th on.
        _machine.Take(8 * GiB, PageSize.Page4K, Tdr).IsSuccess.Should().BeTrue();
        _machine.Page((8 * GiB) + (16 * Page)).Should().Be(new PamtPage(PageSize.Page4K, PamtPageType.NotUsed, 0));
    }

    [Fact]
    public void a_page_in_use_blocks_every_size_around_it()
    {
        foreach (PageSize size in (PageSize[])[PageSize.Page4K, PageSize.Page2M])
        {
            _machine.Take(FreeGiB, size, Tdr).Should().Be(CompletionStatus.Success);
            _machine.Take(FreeGiB, PageSize.Page4K, Tdr).Value.Should().Be(NotAsWanted);
            _machine.Take(FreeGiB, PageSize.Page2M, Tdr).Value.Should().Be(NotAsWanted);
            _machine.Reclaim(FreeGiB).Should().Be(CompletionStatus.Success);
        }
    }

    [Theory]
    [InlineData("1.5.25", 0x20, true)]
    [InlineData("1.5.25", 0xE0, true)]
    [InlineData("1.5.25", 0xFF, false)]
    [InlineData("2.0.18", 0x20, false)]
    [InlineData("1.5.16", 0x80, false)]
    public void a_page_is_free_by_the_bits_that_its_release_takes_for_the_type(string name, byte type, bool isFree)
    {
        TdxModuleRelease.TryParse(name, out TdxModuleRelease? release).Should().BeTrue();
        ModuleMachine machine = new(new() { Release = release! });
        machine.Configure(_tdmrs).Should().Be(CompletionStatus.Success);
        machine.Call(31).Rax.Should().Be(0);
        machine.Initialize(_tdmrs[2]);
        machine.AddTdr(Tdr, 0);
        const ulong InRegion = Region + (511 * Page);
        machine.Module.Memory.Write(_tdmrs[2].Pamt4K.Base + ((InRegion - (8 * GiB)) / Page * 16) + 2, [type]);
        machine.Take(InRegion, PageSize.Page4K, Tdr).IsSuccess.Should().Be(isFree);
        if (isFree)
            machine.Reclaim(InRegion).Should().Be(CompletionStatus.Success);
        machine.Module.Memory.Write(_tdmrs[2].Pamt4K.Base + ((InRegion - (8 * GiB)) / Page * 16) + 2, [type]);
        machine.Take(Region, PageSize.Page2M, Tdr).IsSuccess.Should().Be(isFree);
    }

    [Fact]
    public void taking_a_page_that_is_no_tds_is_a_callers_bug()
    {
        foreach (PamtPageType type in (PamtPageType[])
            [PamtPageType.NotUsed, PamtPageType.Reserved, PamtPageType.Pamt, (PamtPageType)32, (PamtPageType)(-1)])
        {
            Refuses(
                () => _module.TakePage(FreeGiB, PageSize.Page4K, type, Tdr),
                $"type must be that of a TD's page, and it is {type}*");
        }

        foreach (ulong tdr in (ulong[])[1UL << 52, (1UL << 52) + Page, 0x800, Tdr + 1])
            Refuses(() => Take(FreeGiB, tdr: tdr), "tdr must be a multiple of 4096 below 2^52, and it is 0x*");
        foreach (int operand in (int[])[-1, 256])
            Refuses(() => Take(FreeGiB, operand: operand), "operand must be from 0 to 255*");
        Refuses(() => Take(FreeGiB, PageSize.Page1G), "level must be from 0 to 1*");
        Refuses(() => Take(FreeGiB, (PageSize)(-1)), "level must be from 0 to 1*");
        Take(0, operand: 255).Value.Should().Be(0xC0000101000000FF);
        Take(0, tdr: (1UL << 52) - Page, operand: 0).Value.Should().Be(0xC000010100000000);

        CompletionStatus Take(
            ulong address, PageSize level = PageSize.Page4K, ulong tdr = Tdr, int operand = 8) =>
            _module.TakePage(address, level, PamtPageType.Regular, tdr, operand);

        static void Refuses(Func<CompletionStatus> take, string message) =>
            take.Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void the_last_page_of_a_range_blocks_it_and_the_next_one_does_not()
    {
        _machine.Take(Region + (2 * MiB) - Page, PageSize.Page4K, Tdr, PamtPageType.Ept).IsSuccess.Should().BeTrue();
        _machine.Take(Region, PageSize.Page2M, Tdr).Value.Should().Be(NotAsWanted);
        _machine.Take(Region - (2 * MiB), PageSize.Page2M, Tdr).IsSuccess.Should().BeTrue();
        _machine.Take(Region + (2 * MiB), PageSize.Page2M, Tdr).IsSuccess.Should().BeTrue();
    }

    [Fact]
    public void reserved_pages_are_never_free()
    {
        ulong reserved = (8 * GiB) + MiB;
        _machine.Page(reserved).Should().Be(new PamtPage(PageSize.Page4K, PamtPageType.Reserved, 0));
        _machine.Take(reserved, PageSize.Page4K, Tdr).Value.Should().Be(NotAsWanted);
        _machine.Take(8 * GiB, PageSize.Page2M, Tdr).Value.Should().Be(NotAsWanted);
        _machine.Reclaim(reserved).Value.Should().Be(NotAsWanted);
    }

    [Fact]
    public void addresses_that_are_no_page_are_refused()
    {
        foreach ((ulong address, PageSize size, ulong status) in new[]
        {
            (Region + 8, PageSize.Page4K, Invalid), (Region + Page, PageSize.Page2M, Invalid),
            (1UL << 46, PageSize.Page4K, Invalid), (ulong.MaxValue, PageSize.Page4K, Invalid),
            (7 * GiB, PageSize.Page4K, NotInitialized), (12 * GiB, PageSize.Page4K, NotInitialized),
        })
        {
            _machine.Take(address, size, Tdr).Value.Should().Be(status, "0x{0:x} of {1}", address, size);
            if (size == PageSize.Page4K)
                _machine.Reclaim(address).Value.Should().Be(status, "0x{0:x}", address);
        }

        _machine.Reclaim(Region).Value.Should().Be(NotAsWanted, "it is not in use");
        _module.TryGetPage(7 * GiB, out _).Should().BeFalse();
        _module.TryGetPage(ulong.MaxValue, out _).Should().BeFalse();
    }

    [Fact]
    public void a_page_is_reclaimed_by_its_first_address()
    {
        _machine.Take(Region, PageSize.Page2M, Tdr).IsSuccess.Should().BeTrue();
        _machine.Call(28, Region + Page).Should().Be(
            new SeamcallRegisters { Rax = Invalid, Rcx = (ulong)PamtPageType.Regular, Rdx = Tdr, R8 = 1 });
        _machine.Reclaim(Region).IsSuccess.Should().BeTrue();
    }

    [Fact]
    public void a_tds_pages_are_reclaimed_once_its_key_id_is_free()
    {
        const ulong Td = Region + (64 * MiB);
        _machine.Call(9, Td, 33).Rax.Should().Be(0);
        _machine.Call(8, Td).Rax.Should().Be(0);
        _machine.Take(Region, PageSize.Page4K, Td).IsSuccess.Should().BeTrue();
        _machine.Reclaim(Region).Value.Should().Be(WrongLife);
        _machine.Call(19, Td).Rax.Should().Be(0);
        _machine.Call(20, Td).Rax.Should().Be(0x8000081700000000, "caches are due");
        _machine.Call(40).Rax.Should().Be(0);
        _machine.Reclaim(Region).Value.Should().Be(WrongLife);
        _machine.Call(20, Td).Rax.Should().Be(0);
        _machine.Reclaim(Td).Value.Should().Be(0xC000040000000000, "it has a page");
        _machine.Reclaim(Region).IsSuccess.Should().BeTrue();
        _machine.Reclaim(Td).IsSuccess.Should().BeTrue();
        _machine.Call(9, Td, 33).Rax.Should().Be(0, "page and key id are free");
    }

    [Fact]
    public void before_the_module_is_ready_no_page_is_known()
    {
        TdxModule module = new(Cmrs);
        module.TryGetPage(4 * GiB, out _).Should().BeFalse();
        module.TakePage(4 * GiB, PageSize.Page4K, PamtPageType.Regular, 0).Value.Should().Be(0xC000050500000000);
    }
}
