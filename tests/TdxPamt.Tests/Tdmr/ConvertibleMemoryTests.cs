namespace TdxPamt.Tests.Tdmr;

public class ConvertibleMemoryTests
{
    [Theory]
    [InlineData("1M..2G", "1M..2G")]
    [InlineData("1M..2G", "0..4G")]
    [InlineData("0..2G", "1M..2G")]
    [InlineData("1M..1G@0, 1G..2G@1", "0..1G, 1G..2G")]
    [InlineData("1M..1G, 1G+4K..2G", "0..1G, 1G..2G")]
    [InlineData("1M..500M, 600M..2G", "0..4G, 1T..2T")]
    [InlineData("2G..3G", "0..1M, 2G..3G")]
    public void every_block_inside_one_cmr_is_convertible(string memory, string cmrs)
    {
        foreach (KernelModel kernel in KernelModel.All)
            Try(kernel, memory, cmrs, out _).Should().BeTrue(kernel.Name);
    }

    [Theory]
    [InlineData("1M..2G", "0..1G, 1G..2G", "[0x100000, 0x80000000)")]
    [InlineData("1M..1G, 1G..2G", "0..1G, 1G..2G", "[0x100000, 0x80000000)")]
    [InlineData("0..2G", "1M+4K..2G", "[0x100000, 0x80000000)")]
    [InlineData("1M..2G", "1M..2G-4K", "[0x100000, 0x80000000)")]
    [InlineData("1M..2G, 4G..5G", "1M..2G", "[0x100000000, 0x140000000)")]
    [InlineData("1M..2G, 4G..5G, 6G..7G", "1M..2G", "[0x100000000, 0x140000000)")]
    [InlineData("1M..2G, 4G..5G", "2G..4G", "[0x100000, 0x80000000)")]
    [InlineData("1M..1G@0, 1G..2G@1, 2G..3G@0", "0..1G+4K, 1G+4K..3G", "[0x40000000, 0x80000000)")]
    [InlineData("1M..2G", "", "[0x100000, 0x80000000)")]
    public void the_first_block_that_is_not_fails_in_kernels_that_test(string memory, string cmrs, string region)
    {
        foreach (KernelModel kernel in (KernelModel[])[KernelModel.V5, KernelModel.CmrHoles])
        {
            Try(kernel, memory, cmrs, out TdmrFailure? failure).Should().BeFalse(kernel.Name);
            failure!.Code.Should().Be(TdmrFailureCode.MemoryNotConvertible);
            failure.Errno.Should().Be(Errno.EINVAL);
            failure.Message.Should().Be($"memory region {region} is not TDX convertible memory");
            failure.Range.ToString().Should().Be(region);
            failure.TdmrIndex.Should().BeNull();
        }

        Try(KernelModel.Mainline, memory, cmrs, out _).Should().BeTrue("mainline does not test");
    }

    [Fact]
    public void convertibility_is_tested_before_tdmrs_are_counted()
    {
        HostMemory host = Machine.Of("1M..1G@0, 1G..2G@1", "0..1G");
        TdmrConstructor constructor = new(
            ScriptedAllocator.From("1G"), KernelModel.V5, new ModuleParameters { MaxTdmrs = 1 });

        constructor.TryConstruct(host, out _, out TdmrFailure? failure).Should().BeFalse();
        failure!.Code.Should().Be(TdmrFailureCode.MemoryNotConvertible);
    }

    private static bool Try(KernelModel kernel, string memory, string cmrs, out TdmrFailure? failure)
    {
        HostMemory host = Machine.Of(memory, cmrs);
        LinuxPageAllocator allocator = new(host);
        bool constructed = new TdmrConstructor(allocator, kernel).TryConstruct(host, out _, out failure);
        (allocator.PagesInUse != 0).Should().Be(constructed);
        return constructed;
    }
}
