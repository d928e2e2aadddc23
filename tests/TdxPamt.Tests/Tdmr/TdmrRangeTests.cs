namespace TdxPamt.Tests.Tdmr;

public class TdmrRangeTests
{
    [Theory]
    [InlineData("1M..1G", "0..1G")]
    [InlineData("1M..2G", "0..2G")]
    [InlineData("1M..1G-4K", "0..1G")]
    [InlineData("1M..1G+4K", "0..2G")]
    [InlineData("4G+1M..5G+4K", "4G..6G")]
    [InlineData("5G..6G", "5G..6G")]
    [InlineData("4P-1G..4P", "4P-1G..4P")]
    public void a_block_is_aligned_outwards_to_1_GiB(string memory, string tdmrs) => ShouldBeCovered(memory, tdmrs);

    [Theory]
    [InlineData("1M..1G, 3G..4G", "0..1G, 3G..4G")]
    [InlineData("1M..1G@0, 1G..2G@1", "0..1G, 1G..2G")]
    [InlineData("1M..1G, 1G..2G", "0..2G")]
    [InlineData("0..1M, 4G..5G", "4G..5G")]
    [InlineData("4K..1M-4K@1, 2G..3G@0", "2G..3G")]
    [InlineData("4G..5G@1, 1G..2G@0", "1G..2G, 4G..5G")]
    public void each_block_that_is_not_covered_opens_a_tdmr(string memory, string tdmrs) =>
        ShouldBeCovered(memory, tdmrs);

    [Theory]
    [InlineData("1M..100M, 200M..300M", "0..1G")]
    [InlineData("1M..100M, 200M..300M, 400M..1G", "0..1G")]
    [InlineData("1M..512M@0, 512M..1G@1", "0..1G")]
    [InlineData("1M..1G+512M@0, 1G+512M..2G@1, 2G..3G@0", "0..2G, 2G..3G")]
    [InlineData("1M..1G+512M@0, 1G+512M..1G+768M@1, 1G+768M..2G@2", "0..2G")]
    public void a_block_that_the_last_tdmr_covers_is_skipped(string memory, string tdmrs) =>
        ShouldBeCovered(memory, tdmrs);

    [Theory]
    [InlineData("1M..1G+512M@0, 1G+512M..3G@1", "0..2G, 2G..3G")]
    [InlineData("1M..1G+4K, 1G+8K..3G", "0..2G, 2G..3G")]
    [InlineData("1M..1G+4K@0, 1G+8K..1G+12K@1, 1G+16K..2G+4K@2", "0..2G, 2G..3G")]
    [InlineData("1M..1G+512M@0, 1G+512M..2G+512M@1, 2G+512M..3G+512M@2", "0..2G, 2G..3G, 3G..4G")]
    [InlineData("1M..512M@0, 512M..2G@1, 2G+512M..4G@0", "0..1G, 1G..2G, 2G..4G")]
    public void a_block_that_overlaps_the_last_tdmr_starts_where_that_ends(string memory, string tdmrs) =>
        ShouldBeCovered(memory, tdmrs);

    [Theory]
    [InlineData("v5", Errno.E2BIG)]
    [InlineData("mainline", Errno.ENOSPC)]
    [InlineData("cmr-holes", Errno.ENOSPC)]
    public void exactly_as_many_tdmrs_as_the_module_takes_are_constructed_and_one_more_fails(string kernel, Errno errno)
    {
        HostMemory host = Machine.Of("1M..1G@0, 1G..2G@1, 2G..3G@2", "0..1G, 1G..2G, 2G..3G");

        TryConstruct(host, kernel, maxTdmrs: 3, out LinuxPageAllocator allocator, out TdmrFailure? failure)
            .Should().BeTrue();
        failure.Should().BeNull();
        allocator.PagesInUse.Should().NotBe(0);

        TryConstruct(host, kernel, maxTdmrs: 2, out allocator, out failure).Should().BeFalse();
        failure!.Code.Should().Be(TdmrFailureCode.TdmrsExhausted);
        failure.Errno.Should().Be(errno);
        failure.Message.Should().Be("TDMRs exhausted");
        failure.TdmrIndex.Should().Be(2);
        failure.Needed.Should().Be(3);
        failure.Allowed.Should().Be(2);
        allocator.PagesInUse.Should().Be(0);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(300, false)]
    public void a_module_takes_64_tdmrs_where_nothing_else_is_said(int tdmrs, bool constructed)
    {
        string memory = string.Join(", ", Enumerable.Range(4, tdmrs).Select(static i => $"{i}G..{i + 1}G@{i % 2}"));

        TryConstruct(Machine.Of(memory), "mainline", maxTdmrs: null, out _, out TdmrFailure? failure)
            .Should().Be(constructed);
        failure?.Needed.Should().Be((ulong)tdmrs);
        failure?.TdmrIndex.Should().Be(64);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void more_blocks_than_tdmrs_are_no_failure_where_one_tdmr_covers_many(int maxTdmrs)
    {
        string memory = string.Join(", ", Enumerable.Range(1, 9).Select(static i => $"{i * 100}M..{(i * 100) + 50}M"));

        TryConstruct(Machine.Of(memory), "mainline", maxTdmrs, out _, out _).Should().BeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("0..1M")]
    [InlineData("4K..636K@0, 700K..1M@1")]
    public void without_memory_at_or_above_1_MiB_there_is_nothing_to_cover(string memory)
    {
        foreach (KernelModel kernel in KernelModel.All)
        {
            TryConstruct(Machine.Of(memory, "0..1G"), kernel.Name, null, out _, out TdmrFailure? failure)
                .Should().BeFalse();
            failure!.Code.Should().Be(TdmrFailureCode.NoTdxMemory);
            failure.Errno.Should().Be(Errno.EINVAL);
            failure.TdmrIndex.Should().BeNull();
            failure.Range.Should().BeNull();
        }
    }

    private static void ShouldBeCovered(string memory, string tdmrs)
    {
        TdmrConstructor constructor = new(
            new LinuxPageAllocator(Machine.Of(memory)), module: new ModuleParameters { DynamicPamt = true });

        constructor.Construct(Machine.Of(memory)).Tdmrs.Select(static tdmr => tdmr.Range)
            .Should().Equal(Machine.Ranges(tdmrs));
    }

    private static bool TryConstruct(
        HostMemory host, string kernel, int? maxTdmrs, out LinuxPageAllocator allocator, out TdmrFailure? failure)
    {
        allocator = new LinuxPageAllocator(host);
        ModuleParameters module = new() { MaxReservedAreas = 99 };
        module = maxTdmrs is { } max ? module with { MaxTdmrs = max } : module;
        return new TdmrConstructor(allocator, Named.Kernel(kernel), module).TryConstruct(host, out _, out failure);
    }
}
