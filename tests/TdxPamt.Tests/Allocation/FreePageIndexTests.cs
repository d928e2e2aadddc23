namespace TdxPamt.Tests.Allocation;

public class FreePageIndexTests
{
    private const ulong TiB = 1UL << 40;

    [Fact]
    public void an_index_counts_what_is_neither_blocked_nor_below_1_mib()
    {
        HostMemory host = HostMemory.Create(
            [Region(0x1000, 0x9f000, 0), Region(0x100000, 0x400000, 0), Region(0x400000, 0x600000, 1)],
            blocked: [Blocked(0x0, 0x180000), Blocked(0x170000, 0x200000), Blocked(0x5ff000, 0x900000)]);

        FreePageIndex index = FreePageIndex.Create(host);

        index.FreePages.Should().Be(0x3ff);
        index.LongestRun.Should().Be(0x200);
    }

    [Fact]
    public void a_run_ends_where_its_zone_ends()
    {
        FreePageIndex index = FreePageIndex.Create(HostMemory.Create([Region(0x100000, 0x180000000, 0)]));

        index.FreePages.Should().Be(0x17ff00);
        index.LongestRun.Should().Be(0x100000 - 0x1000);
    }

    [Fact]
    public void a_host_without_ram_has_an_empty_index()
    {
        FreePageIndex index = FreePageIndex.Create(HostMemory.Create([]));

        index.FreePages.Should().Be(0);
        index.LongestRun.Should().Be(0);
        new LinuxPageAllocator(index).TryAllocate(3, [0, 7], out _).Should().BeFalse();
    }

    [Fact]
    public void what_is_free_and_what_is_in_use_print_as_numbers_of_pages()
    {
        FreePageIndex index = FreePageIndex.Create(HostMemory.Create(
            [Region(0x100000, 0x110000, 0), Region(0x200000, 0x204000, 0)]));
        LinuxPageAllocator allocator = new(index);
        Allocate(allocator, 3);

        index.ToString().Should().Be("20 pages free, 16 of them in the longest run");
        allocator.ToString().Should().Be("LinuxPageAllocator: 3 pages in use");
        FirstBlockNodeLookup.Instance.ToString().Should().Be("the first memory block that ends above the TDMR's base");
        AllocatorPolicy.All.Select(static policy => policy.ToString())
            .Should().Equal("linux", "first-fit", "best-fit", "last-fit", "boot-reservation");
    }

    [Fact]
    public void at_boot_only_reserved_pages_are_blocked()
    {
        HostMemory host = HostMemory.Create(
            [Region(0x100000, 0x110000, 0)],
            blocked:
            [
                Blocked(0x102000, 0x103000),
                Blocked(0x108000, 0x109000, BlockedKind.Hugetlb),
                Blocked(0x10a000, 0x10b000, BlockedKind.Reserved),
            ]);

        FreePageIndex.Create(host).FreePages.Should().Be(13);
        FreePageIndex.CreateAtBoot(host).FreePages.Should().Be(15);
        FreePageIndex.CreateAtBoot(host).LongestRun.Should().Be(10);
    }

    [Fact]
    public void allocators_over_one_index_do_not_see_each_other()
    {
        FreePageIndex index = FreePageIndex.Create(HostMemory.Create([Region(0x100000, 0x200000, 0)]));
        LinuxPageAllocator one = new(index);
        LinuxPageAllocator other = new(index);

        one.TryAllocate(256, [0], out ulong first).Should().BeTrue();
        other.TryAllocate(256, [0], out ulong second).Should().BeTrue();

        second.Should().Be(first);
        one.TryAllocate(1, [0], out _).Should().BeFalse();
    }

    [Fact]
    public void a_freed_chunk_and_its_free_neighbours_are_one_run_again()
    {
        LinuxPageAllocator allocator = new(HostMemory.Create([Region(0x100000, 0x200000, 0)]));
        ulong[] chunks = [.. Enumerable.Range(0, 4).Select(_ => Allocate(allocator, 64))];
        allocator.TryAllocate(1, [0], out _).Should().BeFalse();

        allocator.Free(chunks[2], 64);
        allocator.Free(chunks[0], 64);
        allocator.TryAllocate(128, [0], out _).Should().BeFalse();
        allocator.Free(chunks[1], 64);

        Allocate(allocator, 128).Should().Be(chunks[0]);
        allocator.PagesInUse.Should().Be(192);
    }

    [Fact]
    public void a_chunk_that_is_not_handed_out_cannot_be_freed()
    {
        LinuxPageAllocator allocator = new(HostMemory.Create([Region(0x100000, 0x200000, 0)]));
        ulong chunk = Allocate(allocator, 64);

        foreach ((ulong address, ulong pages) in new[]
        {
            (chunk, 63UL), (chunk, 65UL), (chunk, 0UL), (chunk, ulong.MaxValue), (chunk + 1, 64UL),
            (chunk + 4096, 63UL), (0UL, 64UL), (ulong.MaxValue, 1UL),
        })
        {
            allocator.Invoking(it => it.Free(address, pages)).Should().Throw<ArgumentException>();
        }

        allocator.Free(chunk, 64);
        allocator.Invoking(it => it.Free(chunk, 64)).Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void a_million_blocked_ranges_are_indexed_and_searched_without_a_look_at_each(bool sorted)
    {
        HostMemory host = SixtyFourTiB(sorted);
        FreePageIndex index = FreePageIndex.Create(host);
        LinuxPageAllocator allocator = new(index);

        index.FreePages.Should().Be((64 * TiB / 4096) - 1_000_000 - 256);
        allocator.TryAllocate(index.LongestRun / 2, host.FallbackOrder(0), out ulong address).Should().BeTrue();
        address.Should().BeGreaterThanOrEqualTo((64 * TiB) - (index.LongestRun * 4096));
        allocator.TryAllocate(index.LongestRun / 2, host.FallbackOrder(0), out _).Should().BeFalse();
        allocator.TryAllocate(17_177, host.FallbackOrder(31), out address).Should().BeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1055)]
    [InlineData(1056)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(2999)]
    public void two_runs_that_are_long_enough_are_found_among_thousands_by_every_policy(int position)
    {
        // Four pages in every sixteen, and eight at two places.
        int[] places = [Math.Min(position, 1500), Math.Max(position, 1500)];
        HostMemory host = HostMemory.Create(Enumerable.Range(0, 3000).Select(
            i => Region(Start(i), Start(i) + (places.Contains(i) ? 0x8000UL : 0x4000UL), 0)));
        foreach (AllocatorPolicy policy in AllocatorPolicy.All)
        {
            PageAllocator allocator = policy.CreateAllocator(policy.CreateIndex(host));
            foreach (int place in policy == AllocatorPolicy.LastFit ? Enumerable.Reverse(places) : places)
                Allocate(allocator, 8).Should().Be(Start(place), "{0} takes it", policy);
            allocator.TryAllocate(8, [0], out _).Should().BeFalse();
        }

        static ulong Start(int i) => 0x100000000 + ((ulong)i * 0x10000);
    }

    private static HostMemory SixtyFourTiB(bool sorted)
    {
        // One blocked page every 17178 pages leaves one longer run, at the top.
        IEnumerable<BlockedRange> blocked = Enumerable.Range(0, 1_000_000)
            .Select(static i => Blocked(((ulong)i * 0x431a000) + 0x200000, ((ulong)i * 0x431a000) + 0x201000));
        return HostMemory.Create(
            Enumerable.Range(0, 32).Select(static i => Region((ulong)i * 2 * TiB, (ulong)(i + 1) * 2 * TiB, i)),
            blocked: sorted ? blocked : blocked.Reverse());
    }

    private static ulong Allocate(PageAllocator allocator, ulong pages)
    {
        allocator.TryAllocate(pages, [0], out ulong address).Should().BeTrue();
        return address;
    }

    private static MemoryRegion Region(ulong start, ulong end, int node) => new(AddressRange.Create(start, end), node);

    private static BlockedRange Blocked(ulong start, ulong end, BlockedKind kind = BlockedKind.Unmovable) =>
        new(AddressRange.Create(start, end), kind);
}
