namespace TdxPamt.Tests.Tdmr;

/// <summary>Machines whose maps were published, and where they say so what their kernels allocated.</summary>
public class RealMachinesTests
{
    private const string FoxCreekPass =
        "0x1000..0x9f000, 0x100000..0x5d169000, 0x5d22b000..0x5d3cf000, 0x5d46a000..0x5e5b3000, "
        + "0x5e5c3000..0x5e5d3000, 0x5e5e5000..0x5eb58000, 0x61358000..0x6172b000, 0x61795000..0x617ff000, "
        + "0x61913000..0x61999000, 0x619e0000..0x619e2000, 0x619ea000..0x61a27000, 0x61baf000..0x623c3000, "
        + "0x62472000..0x62824000, 0x63a25000..0x63d58000, 0x64158000..0x64159000, 0x64195000..0x6e9cf000, "
        + "0x6f7ff000..0x6f800000, 0x100000000..0x107a000000, 0x1080000000..0x207c000000@1, "
        + "0x2080000000..0x307c000000@2, 0x3080000000..0x407c000000@3";

    private const string FoxCreekPassCmrs =
        "0x100000..0x6f800000, 0x100000000..0x107a000000, 0x1080000000..0x207c000000, "
        + "0x2080000000..0x307c000000, 0x3080000000..0x407c000000";

    private const string Xeon = "0x100000..0x77800000, 0x100000000..0x206e000000, 0x2080000000..0x4070000000";

    private const string FourNodes =
        "0x100000..0x77800000, 0x100000000..0x407a000000, 0x4080000000..0x807c000000, "
        + "0x8080000000..0xc07c000000, 0xc080000000..0x1007c000000";

    private const string Snc =
        "0x1000..0x9e000, 0x100000..0x65e0f000, 0x695fe000..0x6f800000, 0x100000000..0x1870000000, "
        + "0x1870000000..0x3070000000@1, 0x3070000000..0x4070000000@2, 0x4070000000..0x5070000000@3";

    private const string Sparse =
        "0x1000..0xa0000, 0x100000..0x41a2e000, 0x41a2f000..0x4f22f000, 0x5b87f000..0x6d266000, "
        + "0x6d2ec000..0x70000000, 0x100000000..0x1000000000, 0xff80000000..0x10000000000, "
        + "0x10000000000..0x11000000000@1, 0x80000000000..0x81000000000@2, 0x90000000000..0x91000000000@3, "
        + "0x100000000000..0x101000000000@4, 0x110000000000..0x111000000000@5, "
        + "0x180000000000..0x181000000000@6, 0x190000000000..0x191000000000@7";

    private const string Uneven =
        "0x1000..0xa0000, 0x100000..0x7552b000, 0x7bd46000..0x7bd47000, 0x7bdcd000..0x7c000000, "
        + "0x100000000..0x1080000000, 0x1080000000..0x2080000000@1, 0x2080000000..0x3080000000@2, "
        + "0x3080000000..0x3c80000000@3, 0x3c80000000..0x4c80000000@4, 0x4c80000000..0x5c80000000@5, "
        + "0x5c80000000..0x6c80000000@6, 0x6c80000000..0x7c80000000@7";

    [Theory]
    [InlineData("two sockets, 256 GiB", Xeon, 3, 1050636)]
    [InlineData("four nodes, 1 TiB", FourNodes, 5, 4202516)]
    [InlineData("node borders off 1 GiB, 320 GiB", Snc, 5, 1313300)]
    [InlineData("nodes terabytes apart, 512 GiB", Sparse, 10, 2101288)]
    [InlineData("uneven nodes, 496 GiB", Uneven, 9, 2035620)]
    public void a_machine_gets_the_tdmrs_and_the_pamts_that_its_map_gives(
        string machine, string memory, int tdmrs, ulong kiB)
    {
        HostMemory host = Machine.Of(memory);
        using TdmrConstruction construction = new TdmrConstructor(new LinuxPageAllocator(host)).Construct(host);

        construction.Tdmrs.Count.Should().Be(tdmrs, machine);
        construction.PamtKiB.Should().Be(kiB, machine);
    }

    [Fact]
    public void a_machine_with_17_holes_fails_until_holes_come_from_cmrs()
    {
        HostMemory host = Machine.Of(FoxCreekPass, FoxCreekPassCmrs);
        foreach ((KernelModel kernel, Errno errno) in ((KernelModel, Errno)[])
            [(KernelModel.V5, Errno.E2BIG), (KernelModel.Mainline, Errno.ENOSPC)])
        {
            LinuxPageAllocator allocator = new(host);
            new TdmrConstructor(allocator, kernel).TryConstruct(host, out _, out TdmrFailure? failure)
                .Should().BeFalse();
            failure!.Message.Should().Be("TDMR [0x0, 0x80000000): reserved areas exhausted");
            failure.Errno.Should().Be(errno);
            failure.TdmrIndex.Should().Be(0);
            allocator.PagesInUse.Should().Be(0);
        }

        using TdmrConstruction construction =
            new TdmrConstructor(new LinuxPageAllocator(host), KernelModel.CmrHoles).Construct(host);
        construction.Tdmrs.Count.Should().Be(5);
        construction.PamtKiB.Should().Be(1050644);
    }
}
