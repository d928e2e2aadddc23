using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class MemoryPlanTests
{
    private static readonly HostMemory Host = Machine.Of("1M..1G, 2G..3G", "1M..1G, 2G..3G-16M");

    [Fact]
    public void a_kernel_that_takes_holes_from_the_memory_map_excludes_no_ram()
    {
        MemoryPlan plan = Of(KernelModel.Mainline);
        plan.ExcludedRam.Should().BeEmpty();
        plan.IsAcceptable.Should().BeFalse();
        plan.ToString().Should().Be(
            "mainline kernel: 8216 KiB in 2 TDMRs, at most 3 reserved areas, 0x0 bytes of RAM excluded");
    }

    [Fact]
    public void a_kernel_that_takes_holes_from_cmrs_excludes_the_ram_outside_them()
    {
        MemoryPlan plan = Of(KernelModel.CmrHoles2024);
        plan.ExcludedRam.Should().Equal(Machine.Ranges("3G-16M..3G"));
        plan.ExcludedBytes.Should().Be(16 << 20);
        (plan.Tdmrs.Count, plan.MaxReservedAreasUsed, plan.PamtPages, plan.PamtKiB)
            .Should().Be((2, 3, 2UL * 1027, 2UL * 4108));
        (plan.Strategies, plan.Changes).Should().Be((PlanStrategies.None, 0));
        plan.Verdict.IsAcceptable.Should().BeTrue();
        plan.ToString().Should().Be(
            "cmr-holes-2024 kernel: 8216 KiB in 2 TDMRs, at most 3 reserved areas, 0x1000000 bytes of RAM excluded");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(15, 15)]
    [InlineData(16, 16)]
    [InlineData(17, 16)]
    [InlineData(65535, 16)]
    public void a_plan_has_no_more_areas_than_a_tdmr_info_has_room_for(int reported, int planned)
    {
        ModuleParameters module = new() { MaxReservedAreas = reported, MaxTdmrs = 7 };
        new MemoryPlanner(module).Module.Should().Be(module with { MaxReservedAreas = planned });
    }

    private static MemoryPlan Of(KernelModel kernel) => MemoryPlan.FromConstruction(
        new TdmrConstructor(new LinuxPageAllocator(Host), kernel).Construct(Host),
        Host,
        kernel,
        ModuleParameters.Default);
}
