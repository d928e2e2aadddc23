using TdxPamt.Hosts;
using TdxPamt.Simulation;

namespace TdxPamt.Tests.Allocation;

/// <summary>The second pass, which moves hugetlb pages smaller than the request; docs/model.md#hugetlb-pass.</summary>
public class HugetlbPassTests
{
    [Theory]
    [InlineData(PageSize.Page2M, 512, null)]
    [InlineData(PageSize.Page2M, 513, "4G")]
    [InlineData(PageSize.Page1G, 513, null)]
    [InlineData(PageSize.Page1G, 262_144, null)]
    [InlineData(PageSize.Page1G, 262_145, "4G")]
    [InlineData(null, 262_145, null)]
    public void a_hugetlb_page_is_moved_where_the_request_is_larger(PageSize? hugePage, ulong pages, string? address) =>
        Allocate(Host("4G..8G", ("4G..8G", BlockedKind.Hugetlb, hugePage)), pages)
            .Should().Be(address is null ? null : Machine.Address(address));

    [Theory]
    [InlineData(BlockedKind.Unmovable)]
    [InlineData(BlockedKind.Reserved)]
    public void what_else_blocks_a_candidate_blocks_it_in_both_passes(BlockedKind kind) =>
        Allocate(
            Host("4G..4G+6M", ("4G..4G+6M", BlockedKind.Hugetlb, PageSize.Page2M), ("4G+4K..4G+8K", kind, null)),
            pages: 600)
            .Should().Be(Machine.Address("4G") + (600 * 4096));

    [Fact]
    public void pages_that_need_no_move_win_even_on_another_node() =>
        Allocate(Host("4G..5G@0, 5G..6G@1", ("4G..5G", BlockedKind.Hugetlb, PageSize.Page2M)), pages: 600)
            .Should().Be(Machine.Address("5G"));

    [Fact]
    public void kernels_before_7_2_have_no_second_pass()
    {
        HostMemory host = Host("4G..8G", ("4G..8G", BlockedKind.Hugetlb, PageSize.Page2M));

        new LinuxPageAllocator(host, movesHugetlb: false).TryAllocate(600, [0], out _).Should().BeFalse();
        HostPlan.Create(new("host", host), KernelModel.Linux68).Failure!.Code
            .Should().Be(TdmrFailureCode.PamtAllocationFailed);
        HostPlan.Create(new("host", host), KernelModel.Linux71).IsConstructed.Should().BeTrue();
        PamtSimulation.Create(host, kernel: KernelModel.Linux68).Run(Fragmentation.None, new() { Trials = 1 })
            .Success.Successes.Should().Be(0);
        PamtSimulation.Create(host, kernel: KernelModel.Linux71).Run(Fragmentation.None, new() { Trials = 1 })
            .Success.Successes.Should().Be(1);
    }

    [Fact]
    public void chunks_of_a_second_pass_are_freed_and_taken_again()
    {
        LinuxPageAllocator allocator = new(Host("4G..4G+8M", ("4G..4G+8M", BlockedKind.Hugetlb, PageSize.Page2M)));

        allocator.TryAllocate(1024, [0], out ulong first).Should().BeTrue();
        allocator.TryAllocate(1024, [0], out ulong second).Should().BeTrue();
        allocator.TryAllocate(1024, [0], out _).Should().BeFalse();
        allocator.Free(first, 1024);
        allocator.TryAllocate(1024, [0], out ulong again).Should().BeTrue();
        (first, second, again).Should().Be((Machine.Address("4G"), Machine.Address("4G+4M"), first));
    }

    [Fact]
    public void pages_of_a_second_pass_are_indexed_once_for_each_size_that_is_moved()
    {
        FreePageIndex index = FreePageIndex.Create(
            Host("4G..8G", ("4G..5G", BlockedKind.Hugetlb, PageSize.Page2M), ("5G..7G", BlockedKind.Hugetlb,
                PageSize.Page1G), ("7G..7G+4K", BlockedKind.Hugetlb, null)));

        index.SecondPass(512).Should().BeNull();
        index.SecondPass(513)!.FreePages.Should().Be((2 * 262_144) - 1);
        index.SecondPass(262_144).Should().BeSameAs(index.SecondPass(513));
        index.SecondPass(262_145)!.FreePages.Should().Be((4 * 262_144) - 1);
        index.SecondPass(ulong.MaxValue).Should().BeSameAs(index.SecondPass(262_145));
        index.SecondPass(262_145)!.SecondPass(262_145).Should().BeNull("no page is left that could be moved");
        FreePageIndex.CreateAtBoot(index.Host).SecondPass(262_145).Should().BeNull();
        FreePageIndex.Create(Host("4G..8G", ("4G..5G", BlockedKind.Hugetlb, null))).SecondPass(513).Should().BeNull();
    }

    [Fact]
    public void at_boot_the_pool_of_huge_pages_is_empty() =>
        FreePageIndex.CreateAtBoot(Host("4G..5G", ("4G..5G", BlockedKind.Hugetlb, PageSize.Page1G))).FreePages
            .Should().Be(262_144);

    [Theory]
    [InlineData(BlockedKind.Unmovable, PageSize.Page2M)]
    [InlineData(BlockedKind.Reserved, PageSize.Page1G)]
    [InlineData(BlockedKind.Hugetlb, PageSize.Page4K)]
    public void only_hugetlb_has_a_page_size_and_a_huge_one(BlockedKind kind, PageSize size) =>
        FluentActions.Invoking(() => new BlockedRange(Machine.Range("0..1G"), kind, size))
            .Should().Throw<ArgumentException>().WithMessage("hugePage*");

    private static HostMemory Host(string memory, params (string Range, BlockedKind Kind, PageSize? Page)[] blocked) =>
        HostMemory.Create(
            Machine.Regions(memory),
            blocked: blocked.Select(static it => new BlockedRange(Machine.Range(it.Range), it.Kind, it.Page)));

    private static ulong? Allocate(HostMemory host, ulong pages) =>
        new LinuxPageAllocator(host).TryAllocate(pages, host.FallbackOrder(0), out ulong address) ? address : null;
}
