using TdxPamt.Hosts;

namespace TdxPamt.Tests.Hosts;

public class ScaledHostTests
{
    private const ulong GiB = 1UL << 30;

    [Fact]
    public void a_machine_scaled_to_its_own_size_stays_as_it_is()
    {
        HostDescription fox = RealHosts.Describe(RealHosts.FoxCreekPass);
        HostDescription same = Scale(fox, 256);
        same.Name.Should().Be("fox-creek-pass-256GiB");
        same.Memory.Regions.Should().Equal(fox.Memory.Regions);
        same.Memory.Cmrs.Should().Equal(fox.Memory.Cmrs);
    }

    [Fact]
    public void nodes_grow_and_what_firmware_keeps_does_not()
    {
        HostMemory fox = Scale(RealHosts.Describe(RealHosts.FoxCreekPass), 1024).Memory;
        HostMemory published = RealHosts.Read(RealHosts.FourNodes.File);
        fox.Cmrs.Skip(1).Should().Equal(published.Cmrs.Skip(1), "that machine has four nodes of 256 GiB");
        fox.Regions.Take(17).Should().Equal(RealHosts.Read(RealHosts.FoxCreekPass).Regions.Take(17));
    }

    [Fact]
    public void sockets_that_lie_terabytes_apart_stay_there_while_they_have_room()
    {
        HostMemory scaled = Scale(RealHosts.Describe(RealHosts.Sparse.File), 4096).Memory;
        scaled.Regions.Where(static region => region.Node is >= 2).Select(static region => region.Range.Start)
            .Should().Equal(
                0x80000000000, 0x90000000000, 0x100000000000, 0x110000000000, 0x180000000000, 0x190000000000);
    }

    [Fact]
    public void kernel_and_module_are_those_of_the_machine()
    {
        HostDescription fox = RealHosts.Describe(RealHosts.FoxCreekPass) with
        {
            Kernel = KernelModel.CmrHoles,
            Module = ModuleParameters.Default with { MaxTdmrs = 32 },
        };
        HostDescription scaled = Scale(fox, 512);
        (scaled.Kernel, scaled.Module).Should().Be((fox.Kernel, fox.Module));
        HostPlan.Create(scaled).Failure.Should().BeNull();
    }

    [Theory]
    [InlineData(RealHosts.FoxCreekPass, 1, "memory of 1 GiB must be whole GiB from 11 GiB to 63 TiB")]
    [InlineData(RealHosts.FoxCreekPass, 65 * 1024, "memory of 65 TiB must be whole GiB from 11 GiB to 63 TiB")]
    [InlineData(RealHosts.FoxCreekPassLog, 64, "fox-creek-pass has no range of 1 GiB or more above 4 GiB to scale")]
    public void what_cannot_be_scaled_is_said_with_what_is_legal(string file, int gib, string expected)
    {
        ScaledHost.TryCreate(RealHosts.Describe(file), (ulong)gib * GiB, out HostDescription? host, out string? problem)
            .Should().BeFalse();
        host.Should().BeNull();
        problem.Should().Be(expected);
    }

    [Fact]
    public void a_machine_that_would_end_where_addresses_end_is_refused()
    {
        AddressRange top = AddressRange.Create(AddressRange.Limit - (2 * GiB), AddressRange.Limit);
        HostDescription like = new(
            "top", HostMemory.Create([new(AddressRange.Create(0x100000, 0x80000000), 0), new(top, 0)]));
        ScaledHost.TryCreate(like, 64 * GiB, out _, out string? problem).Should().BeFalse();
        problem.Should().Be("top with 64 GiB would end at 0x10000f00000000, and addresses end at 2^52");
        Scale(like, 4).Memory.Regions.Should().Equal(like.Memory.Regions);
    }

    /// <summary>Whatever the machine, it is scaled or refused; what lies in CMRs stays in CMRs.</summary>
    [Fact]
    public void random_machines_are_scaled_or_refused() => new RandomHosts(tiny: false).Hold(2000, static random =>
    {
        HostDescription like = new("random", random.ToHostMemory());
        for (ulong gib = 1; gib < 1 << 17; gib *= 5)
        {
            if (!ScaledHost.TryCreate(like, gib * GiB, out HostDescription? scaled, out string? problem))
            {
                problem.Should().MatchRegex("must be whole GiB from|has no range");
                continue;
            }

            scaled.Memory.Nodes.Should().Equal(like.Memory.Nodes);
            if (like.Memory.OutsideCmrs.Count == 0)
                scaled.Memory.OutsideCmrs.Should().BeEmpty();
        }
    });

    private static HostDescription Scale(HostDescription host, int gib)
    {
        ScaledHost.TryCreate(host, (ulong)gib * GiB, out HostDescription? scaled, out string? problem)
            .Should().BeTrue(problem);
        return scaled!;
    }
}
