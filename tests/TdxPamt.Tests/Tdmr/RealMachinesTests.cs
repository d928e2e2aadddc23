namespace TdxPamt.Tests.Tdmr;

/// <summary>Machines whose maps were published, and where they say so what their kernels allocated.</summary>
public class RealMachinesTests
{
    [Theory]
    [MemberData(nameof(RealHosts.Working), MemberType = typeof(RealHosts))]
    public void a_machine_gets_the_tdmrs_and_the_pamts_that_its_map_gives(string file)
    {
        RealHost known = RealHosts.Known(file);
        HostMemory host = Machine.Of(known.Memory);
        using TdmrConstruction construction = new TdmrConstructor(new LinuxPageAllocator(host)).Construct(host);

        (construction.Tdmrs.Count, construction.PamtKiB).Should().Be((known.Tdmrs, known.PamtKiB));
    }

    [Fact]
    public void a_machine_with_17_holes_fails_until_holes_come_from_cmrs()
    {
        HostMemory host = Machine.Of(RealHosts.FoxCreekPassMemory, RealHosts.FoxCreekPassCmrs);
        foreach ((KernelModel kernel, Errno errno) in ((KernelModel, Errno)[])
            [(KernelModel.V5, Errno.E2BIG), (KernelModel.Mainline, Errno.ENOSPC)])
        {
            LinuxPageAllocator allocator = new(host);
            new TdmrConstructor(allocator, kernel).TryConstruct(host, out _, out TdmrFailure? failure)
                .Should().BeFalse();
            failure!.Message.Should().Be(RealHosts.FoxCreekPassFailure);
            failure.Errno.Should().Be(errno);
            failure.TdmrIndex.Should().Be(0);
            allocator.PagesInUse.Should().Be(0);
        }

        using TdmrConstruction construction =
            new TdmrConstructor(new LinuxPageAllocator(host), KernelModel.CmrHoles).Construct(host);
        construction.Tdmrs.Count.Should().Be(RealHosts.FoxCreekPassTdmrs);
        construction.PamtKiB.Should().Be(RealHosts.FoxCreekPassKiB);
    }
}
