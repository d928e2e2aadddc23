namespace TdxPamt.Tests.Allocation;

public class LinuxPageAllocatorTests
{
    [Theory]
    [InlineData("15M..5G", "4G")]
    [InlineData("15M..4G", "16M")]
    [InlineData("4G-1M..4G+1M", "4G")]
    [InlineData("4G-1M..4G+12K", "4G-1M")]
    [InlineData("15M..16M+12K", "15M")]
    [InlineData("1M..16M", "1M")]
    [InlineData("8G..9G", "8G")]
    public void normal_is_searched_before_dma32_before_dma(string memory, string address) =>
        First(memory, pages: 4).Should().Be(Machine.Address(address));

    [Theory]
    [InlineData("16M-16K..16M+12K", 5, null)]
    [InlineData("16M-16K..16M+12K", 4, "16M-16K")]
    [InlineData("16M-16K..16M+16K", 5, null)]
    [InlineData("16M-20K..16M+12K", 5, "16M-20K")]
    [InlineData("4G-16K..4G+16K", 5, null)]
    [InlineData("4G-20K..4G+16K", 5, "4G-20K")]
    [InlineData("4G-16K..4G+20K", 5, "4G")]
    public void no_chunk_crosses_from_zone_to_zone(string memory, ulong pages, string? address) =>
        First(memory, pages).Should().Be(Address(address));

    // 6 pages: the mask clears bits 0 and 2 of (start + 5), which rounds to no multiple of 6, nor always upwards.
    // 4097 + 5 = 4102 = 0b1_0000_0000_0110, less 0b101: 4098. 4101 + 5 = 4106 = 0b...1010: 4106. 4103 + 5 = 4108: 4104.
    [Theory]
    [InlineData(4096, 6, 4096)]
    [InlineData(4097, 6, 4098)]
    [InlineData(4098, 6, 4098)]
    [InlineData(4099, 6, 4104)]
    [InlineData(4100, 6, 4104)]
    [InlineData(4101, 6, 4106)]
    [InlineData(4102, 6, 4106)]
    [InlineData(4103, 6, 4104)]
    [InlineData(4097, 8, 4104)]
    [InlineData(4104, 8, 4104)]
    [InlineData(4097, 1, 4097)]
    [InlineData(4097, 3, 4097)]
    [InlineData(4098, 3, 4100)]
    [InlineData(4096, 1027, 4096)]
    [InlineData(4097, 1027, 4097)]
    [InlineData(4098, 1027, 4100)]
    [InlineData(4099, 1027, 4101)]
    [InlineData(5121, 1027, 6145)]
    public void the_first_candidate_is_the_zones_start_aligned_with_the_mask(ulong start, ulong pages, ulong candidate)
    {
        HostMemory host = HostMemory.Create([new(AddressRange.Create(start * 4096, 4UL << 30), 0)]);

        Allocate(new LinuxPageAllocator(host), pages).Should().Be(candidate * 4096);
    }

    [Fact]
    public void after_the_first_a_candidate_comes_every_so_many_pages_as_are_wanted()
    {
        LinuxPageAllocator allocator = new(Machine.Of("16M..17M", blocked: "16M..16M+4K"));

        Allocate(allocator, 6).Should().Be(Machine.Address("16M+24K"), "pages 1 to 5 are free, but no candidate");
        Allocate(allocator, 6).Should().Be(Machine.Address("16M+48K"));
        Allocate(allocator, 5).Should().Be(Machine.Address("16M+80K"), "each fifth page is one now");
        Allocate(allocator, 1).Should().Be(Machine.Address("16M+4K"));
    }

    [Theory]
    [InlineData("16M..16M+24K", "", "16M")]
    [InlineData("16M..16M+20K", "", null)]
    [InlineData("16M..16M+48K", "16M..16M+4K", "16M+24K")]
    [InlineData("16M..16M+44K", "16M..16M+4K", null)]
    [InlineData("16M-24K..16M", "", "16M-24K")]
    [InlineData("16M-24K..16M+4K", "16M-4K..16M", null)]
    public void the_last_page_of_a_candidate_may_be_the_last_of_the_zone(
        string memory, string blocked, string? address) =>
        First(memory, pages: 6, blocked).Should().Be(Address(address));

    [Theory]
    [InlineData("0..2M", 256, "1M")]
    [InlineData("0..2M", 128, "1M")]
    [InlineData("0..2M", 200, null)]
    [InlineData("4K..2M", 256, "1M")]
    [InlineData("0..1M", 1, null)]
    [InlineData("4K..636K", 1, null)]
    [InlineData("0..1M+4K", 1, "1M")]
    public void the_first_MiB_is_never_handed_out_though_the_zone_starts_in_it(
        string memory, ulong pages, string? address) =>
        First(memory, pages).Should().Be(Address(address));

    [Theory]
    [InlineData(BlockedKind.Reserved)]
    [InlineData(BlockedKind.Unmovable)]
    [InlineData(BlockedKind.Hugetlb)]
    public void pages_of_every_kind_of_blocked_range_are_not_handed_out(BlockedKind kind)
    {
        HostMemory host = HostMemory.Create(
            Machine.Regions("4G..5G"), blocked: [new(Machine.Range("4G+8K..4G+12K"), kind)]);

        Allocate(new LinuxPageAllocator(host), 4).Should().Be(Machine.Address("4G+16K"));
        Allocate(new LinuxPageAllocator(host), 2).Should().Be(Machine.Address("4G"));
    }

    [Theory]
    [InlineData("4G..4G+4K", "4G+16K")]
    [InlineData("4G+12K..4G+16K", "4G+16K")]
    [InlineData("4G-4K..4G", "4G")]
    [InlineData("4G+16K..4G+20K", "4G")]
    [InlineData("4G..4G+8K, 4G+4K..4G+20K", "4G+32K")]
    [InlineData("0..4G+4K, 1T..2T", "4G+16K")]
    [InlineData("4G..4G+36K, 4G+8K..4G+12K", "4G+48K")]
    [InlineData("0..4P", null)]
    public void blocked_ranges_may_touch_overlap_and_lie_anywhere(string blocked, string? address) =>
        First("4G..5G", pages: 4, blocked).Should().Be(Address(address));

    [Fact]
    public void the_default_blocked_range_blocks_nothing()
    {
        HostMemory host = HostMemory.Create(Machine.Regions("0..2M"), blocked: [default]);

        Allocate(new LinuxPageAllocator(host), 256).Should().Be(Machine.Address("1M"));
    }

    [Fact]
    public void holes_and_pages_of_other_nodes_are_passed_over()
    {
        LinuxPageAllocator allocator = new(Machine.Of(
            "4G..4G+12K@0, 4G+20K..4G+32K@0, 4G+32K..4G+48K@1, 4G+48K..4G+64K@0"));

        Allocate(allocator, 4, 0).Should().Be(Machine.Address("4G+48K"));
        Allocate(allocator, 4, 0).Should().BeNull();
        Allocate(allocator, 4, 1).Should().Be(Machine.Address("4G+32K"));
        Allocate(allocator, 3, 0).Should().Be(Machine.Address("4G"));
    }

    [Fact]
    public void page_0_is_in_no_nodes_span()
    {
        HostMemory host = Machine.Of("0..4K@1, 4K..1G@0, 4G+4K..5G@1");

        Allocate(new LinuxPageAllocator(host), 6, 1).Should().Be(
            Machine.Address("4G+8K"), "the zone starts at 4G+4K, where the mask leads to 4G+8K");
        FreePageIndex.Create(host).ZonesOf(1).Length.Should().Be(1);
    }

    [Fact]
    public void nodes_are_searched_in_the_order_asked_for_each_through_all_zones()
    {
        HostMemory host = Machine.Of("1M..1M+16K@0, 3G..3G+16K@0, 4G..4G+16K@1, 5G..5G+16K@0, 6G..6G+16K@2");
        LinuxPageAllocator allocator = new(host);

        string[] expected = ["5G", "3G", "1M", "6G", "4G"];
        foreach (string address in expected)
            Allocate(allocator, 4, 0, 5, 2, 1023, 1).Should().Be(Machine.Address(address));
        Allocate(allocator, 4, 0, 5, 2, 1023, 1).Should().BeNull();
        allocator.PagesInUse.Should().Be(20);
    }

    [Fact]
    public void nodes_that_the_order_does_not_name_are_not_searched()
    {
        LinuxPageAllocator allocator = new(Machine.Of("4G..4G+16K@0, 5G..6G@1"));

        Allocate(allocator, 8, 0).Should().BeNull();
        Allocate(allocator, 8).Should().Be(Machine.Address("5G"), "here the order is 0, 1");
        Allocate(allocator, 8, 7).Should().BeNull();
        Allocate(allocator, 8, -1, int.MinValue, int.MaxValue).Should().BeNull();
        allocator.TryAllocate(1, [], out _).Should().BeFalse();
    }

    [Fact]
    public void pages_in_use_are_not_handed_out_again_until_they_are_free()
    {
        LinuxPageAllocator allocator = new(Machine.Of("4G..4G+32K"));

        Allocate(allocator, 4).Should().Be(Machine.Address("4G"));
        Allocate(allocator, 4).Should().Be(Machine.Address("4G+16K"));
        Allocate(allocator, 1).Should().BeNull();
        allocator.PagesInUse.Should().Be(8);
        allocator.Free(Machine.Address("4G"), 4);
        allocator.PagesInUse.Should().Be(4);
        Allocate(allocator, 2).Should().Be(Machine.Address("4G"));
        Allocate(allocator, 2).Should().Be(Machine.Address("4G+8K"));
    }

    [Fact]
    public void what_becomes_free_is_found_again_after_however_many_searches()
    {
        LinuxPageAllocator allocator = new(Machine.Of("4G..4G+4M"));
        List<ulong> chunks = [];
        for (int round = 1; round <= 5; round++)
        {
            while (chunks.Count < round * 100)
                chunks.Add(Allocate(allocator, 2)!.Value);
            foreach (int index in (int[])[round * 70, round, 0])
            {
                allocator.Free(chunks[index], 2);
                Allocate(allocator, 2).Should().Be(chunks[index]);
            }
        }

        chunks.Should().Equal(Enumerable.Range(0, 500).Select(static i => (ulong)(0x100000 + (2 * i)) * 4096));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void many_searches_for_different_numbers_of_pages_find_what_a_look_at_each_candidate_finds(int seed)
    {
        Random random = new(seed);
        bool[] isFree = [.. Enumerable.Range(0, 600).Select(_ => random.Next(20) != 0)];
        isFree[0] = true;
        IEnumerable<MemoryRegion> memory = Enumerable.Range(0, isFree.Length).Where(i => isFree[i])
            .Select(static i => new MemoryRegion(AddressRange.Create(Page(i) * 4096, Page(i + 1) * 4096), 0));
        LinuxPageAllocator allocator = new(HostMemory.Create(memory));
        int end = Array.LastIndexOf(isFree, true) + 1;

        for (int search = 0; search < 400; search++)
        {
            int pages = random.Next(1, 8);
            int candidate = (int)(((Page(0) + (ulong)pages - 1) & ~((ulong)pages - 1)) - Page(0));
            while (candidate + pages <= end && isFree.AsSpan(candidate, pages).Contains(false))
                candidate += pages;
            bool isFound = candidate + pages <= end;
            Allocate(allocator, (ulong)pages).Should().Be(isFound ? Page(candidate) * 4096 : null);
            if (isFound)
                isFree.AsSpan(candidate, pages).Clear();
        }

        static ulong Page(int i) => 0x100001 + (ulong)i;
    }

    [Theory]
    [InlineData("4G", 3)]
    [InlineData("4G", 5)]
    [InlineData("4G", 0)]
    [InlineData("4G+4K", 4)]
    [InlineData("4G+4K", 3)]
    [InlineData("4G-4K", 4)]
    [InlineData("4G+1", 4)]
    [InlineData("4G+16K", 4)]
    [InlineData("8G", 4)]
    [InlineData("0", 4)]
    public void only_a_chunk_as_it_was_handed_out_can_be_freed(string address, ulong pages)
    {
        LinuxPageAllocator allocator = new(Machine.Of("4G..4G+32K"));
        Allocate(allocator, 4);
        Action free = () => allocator.Free(Machine.Address(address), pages);

        free.Should().Throw<ArgumentException>()
            .WithMessage($"{pages} pages at 0x{Machine.Address(address):x} are not*");
        allocator.PagesInUse.Should().Be(4);
        allocator.Free(Machine.Address("4G"), 4);
        free.Should().Throw<ArgumentException>("nothing is handed out now");
    }

    [Fact]
    public void a_chunk_is_freed_once()
    {
        LinuxPageAllocator allocator = new(Machine.Of("4G..5G"));
        ulong address = Allocate(allocator, 4)!.Value;
        allocator.Free(address, 4);
        Action again = () => allocator.Free(address, 4);

        again.Should().Throw<ArgumentException>();
        allocator.PagesInUse.Should().Be(0);
    }

    [Theory]
    [InlineData(1UL << 18, true)]
    [InlineData((1UL << 18) + 1, false)]
    [InlineData(1UL << 40, false)]
    [InlineData((1UL << 40) + 1, false)]
    [InlineData(ulong.MaxValue, false)]
    public void more_pages_than_there_are_are_not_found(ulong pages, bool found) =>
        (First("4G..5G", pages) is not null).Should().Be(found);

    [Fact]
    public void no_pages_cannot_be_asked_for()
    {
        Action ask = () => First("4G..5G", pages: 0);

        ask.Should().Throw<ArgumentOutOfRangeException>().WithMessage("pages must be 1 or more*")
            .WithParameterName("pages");
    }

    [Fact]
    public void a_host_is_asked_for()
    {
        Action create = () => _ = new LinuxPageAllocator((HostMemory)null!);

        create.Should().Throw<ArgumentNullException>().WithParameterName("host");
    }

    [Fact]
    public void a_host_without_ram_has_no_pages() => First("", pages: 1).Should().BeNull();

    [Fact]
    public void the_last_pages_below_2_to_the_52_can_be_handed_out() =>
        First("4P-16K..4P", pages: 4).Should().Be(Machine.Address("4P-16K"));

    private static ulong? Address(string? text) => text is null ? null : Machine.Address(text);

    private static ulong? First(string memory, ulong pages, string blocked = "") =>
        Allocate(new LinuxPageAllocator(Machine.Of(memory, blocked: blocked)), pages);

    private static ulong? Allocate(LinuxPageAllocator allocator, ulong pages, params int[] order)
    {
        int[] nodes = order.Length == 0 ? [0, 1] : order;
        return allocator.TryAllocate(pages, nodes, out ulong address) ? address : null;
    }
}
