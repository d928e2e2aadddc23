using TdxPamt.Hosts;

namespace TdxPamt.Tests.Hosts;

public class HostDesignTests
{
    private const ulong GiB = 1UL << 30;

    [Fact]
    public void the_design_of_fox_creek_pass_is_fox_creek_pass()
    {
        HostMemory published = RealHosts.Read(RealHosts.FoxCreekPass);
        HostMemory designed = Create(new(256 * GiB) { ClustersPerSocket = 2, LowMemoryOf = published }).Memory;
        designed.Regions.Should().Equal(published.Regions);
        designed.Cmrs.Should().Equal(published.Cmrs);
    }

    [Fact]
    public void a_typical_machine_of_four_nodes_has_the_pamts_that_a_published_one_printed()
    {
        HostDescription designed = Create(new(1024 * GiB) { ClustersPerSocket = 2 });
        designed.Memory.Cmrs.Skip(1).Should().Equal(RealHosts.Read(RealHosts.FourNodes.File).Cmrs.Skip(1));
        HostPlan.Create(designed).PamtKiB.Should().Be((ulong)RealHosts.FourNodes.PamtKiB);
    }

    [Theory]
    [InlineData(1, 1, 64, 0, true)]
    [InlineData(2, 3, 1000, 0, true)]
    [InlineData(8, 1, 4096, 0, false)]
    [InlineData(2, 2, 512, 257, true)]
    [InlineData(1, 1, 63 * 1024, 0, false)]
    public void all_memory_is_there_but_what_firmware_keeps(int sockets, int clusters, int gib, int cxl, bool hasHoles)
    {
        HostDesign design = new((ulong)gib * GiB)
        {
            Sockets = sockets,
            ClustersPerSocket = clusters,
            CxlBytes = (ulong)cxl * GiB,
            HasHoles = hasHoles,
        };
        HostMemory memory = Create(design).Memory;
        int nodes = sockets * clusters;
        memory.Nodes.Should().Equal(Enumerable.Range(0, nodes + (cxl > 0 ? sockets : 0)));
        ulong lost = design.MemoryBytes + design.CxlBytes - memory.TdxMemoryBytes;
        lost.Should().BeInRange(1 << 20, hasHoles ? (400UL + (64 * (ulong)nodes)) << 20 : 1 << 20);
        memory.OutsideCmrs.Should().BeEmpty();
        HostPlan.Create(Create(design)).Verdict!.IsRejected.Should().BeFalse();
    }

    [Fact]
    public void cxl_memory_is_the_last_choice_of_nodes_that_have_processors()
    {
        HostMemory memory = Create(new(256 * GiB) { ClustersPerSocket = 2, CxlBytes = 64 * GiB }).Memory;
        memory.FallbackOrder(0).ToArray().Should().Equal(0, 1, 4, 2, 3, 5);
    }

    public static TheoryData<HostDesign, string> Illegal { get; } = new()
    {
        { new(15 * GiB), "memory of 15 GiB must be whole GiB from 16 GiB to 63 TiB on 2 nodes" },
        { new((16 * GiB) + 4096), "memory of 16777220 KiB must be whole GiB from 16 GiB to 63 TiB on 2 nodes" },
        { new(64UL << 40) { Sockets = 1 }, "memory of 64 TiB must be whole GiB from 8 GiB to 63 TiB on 1 node" },
        {
            new(64 * GiB) { CxlBytes = GiB },
            "CXL memory of 1 GiB must be whole GiB from 2 GiB to 64496 GiB on 2 sockets"
        },
        {
            new(62UL << 40) { CxlBytes = 2UL << 40 },
            "memory of 62 TiB must be whole GiB from 16 GiB to 61 TiB on 2 nodes"
        },
        {
            new(4096 * GiB) { Sockets = 8, ClustersPerSocket = 4 },
            "8-socket-snc4-4TiB has 33 CMRs, and the module's table holds 1 to 32"
        },
        {
            new(64 * GiB) { LowMemoryOf = Machine.Of("4G..8G") },
            "the machine whose holes are asked for has no memory below 4 GiB"
        },
    };

    [Theory]
    [MemberData(nameof(Illegal), DisableDiscoveryEnumeration = true)]
    public void what_does_not_fit_together_is_said_with_what_is_legal(HostDesign design, string expected)
    {
        design.TryCreate(out HostDescription? host, out string? problem).Should().BeFalse();
        host.Should().BeNull();
        problem.Should().Be(expected);
    }

    [Fact]
    public void sockets_and_clusters_have_limits()
    {
        FluentActions.Invoking(() => new HostDesign(GiB) { Sockets = 9 }).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("Sockets must be from 1 to 8*");
        FluentActions.Invoking(() => new HostDesign(GiB) { ClustersPerSocket = 0 }).Should()
            .Throw<ArgumentOutOfRangeException>().WithMessage("ClustersPerSocket must be from 1 to 6*");
    }

    private static HostDescription Create(HostDesign design)
    {
        design.TryCreate(out HostDescription? host, out string? problem).Should().BeTrue(problem);
        return host!;
    }
}
