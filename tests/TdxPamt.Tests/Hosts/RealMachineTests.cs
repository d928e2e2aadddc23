using TdxPamt.Hosts;

namespace TdxPamt.Tests.Hosts;

public class RealMachineTests
{
    [Theory]
    [MemberData(nameof(RealHosts.Working), MemberType = typeof(RealHosts))]
    public void a_machine_gets_the_tdmrs_and_the_figure_of_its_kernel(string file)
    {
        RealHost known = RealHosts.Known(file);
        HostDescription host = Texts.ReadFile(file);
        HostPlan plan = HostPlan.Create(host);

        host.Name.Should().Be(known.Name);
        host.Evidence.Should().Be(known.Evidence);
        host.Memory.Regions.Should().Equal(Machine.Of(known.Memory).Regions);
        plan.Kernel.Should().Be(KernelModel.Mainline);
        plan.Tdmrs.Count.Should().Be(known.Tdmrs);
        plan.PamtKiB.Should().Be(known.PamtKiB);
        plan.AgreesWithReport.Should().Be(known.IsReported ? true : null);
    }

    [Fact]
    public void fox_creek_pass_fails_as_its_log_says()
    {
        HostDescription host = Texts.ReadFile(RealHosts.FoxCreekPassLog);
        HostPlan plan = HostPlan.Create(host);

        host.Reported.Should().Be(new ReportedOutcome
        {
            Error = RealHosts.FoxCreekPassFailure,
            ErrnoValue = 28,
        });
        host.Warnings.Should().HaveCount(2).And.Contain(warning => warning.Contains("0x407c000000"));
        plan.IsConstructed.Should().BeFalse();
        plan.Failure!.TdmrIndex.Should().Be(0);
        plan.AgreesWithReport.Should().BeTrue();
    }

    [Fact]
    public void fox_creek_pass_fits_a_kernel_that_takes_holes_from_cmrs()
    {
        HostDescription host = Texts.ReadFile(RealHosts.FoxCreekPass);

        HostPlan.Create(host).Failure!.Code.Should().Be(TdmrFailureCode.ReservedAreasExhausted);
        HostPlan plan = HostPlan.Create(host, KernelModel.CmrHoles);
        plan.Tdmrs.Count.Should().Be(RealHosts.FoxCreekPassTdmrs);
        plan.PamtKiB.Should().Be(RealHosts.FoxCreekPassKiB);
    }

    [Fact]
    public void the_map_and_the_srat_alone_give_the_same_memory_as_the_node_ranges()
    {
        string[] lines = File.ReadAllLines(Texts.PathOf("snc-4-node-320GiB.log"));
        HostDescription whole = Texts.ReadFile("snc-4-node-320GiB.log");

        HostDescription host = Texts.Read(string.Join('\n', lines.Where(line => !line.Contains("  node  "))));

        host.Evidence.Should().Be(MemoryEvidence.E820WithSrat);
        host.NodesKnown.Should().BeTrue();
        host.Memory.Regions.Should().Equal(whole.Memory.Regions);
    }

    [Fact]
    public void the_map_alone_gives_the_same_memory_on_node_0()
    {
        string[] lines = File.ReadAllLines(Texts.PathOf("sparse-8-socket-512GiB.log"));

        HostDescription host = Texts.Read(string.Join('\n', lines.Where(line => line.Contains("e820"))));

        host.Evidence.Should().Be(MemoryEvidence.E820);
        host.NodesKnown.Should().BeFalse();
        host.Warnings.Should().ContainSingle().Which.Should().Contain("node 0");
        host.Memory.RamBytes.Should().Be(Texts.ReadFile("sparse-8-socket-512GiB.log").Memory.RamBytes);
    }
}
