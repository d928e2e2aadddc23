using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class MemoryPlannerTests
{
    [Theory]
    [MemberData(nameof(RealHosts.Working), MemberType = typeof(RealHosts))]
    public void a_machine_that_works_keeps_its_kernels_way(string file)
    {
        MemoryPlan plan = Plan(RealHosts.Read(file));
        plan.Strategies.Should().Be(PlanStrategies.None);
        plan.PamtKiB.Should().Be(RealHosts.Known(file).PamtKiB);
    }

    [Fact]
    public void the_emerald_rapids_works_with_holes_from_its_cmrs()
    {
        MemoryPlan plan = Plan(RealHosts.Read(RealHosts.FoxCreekPass));
        plan.Strategies.Should().Be(PlanStrategies.HolesFromCmrs);
        (plan.ExcludedBytes, plan.PamtKiB, plan.MaxReservedAreasUsed).Should().Be((0, RealHosts.FoxCreekPassKiB, 3));
    }

    [Fact]
    public void the_emerald_rapids_would_work_without_cmrs_too()
    {
        MemoryPlan plan = Plan(RealHosts.WithoutCmrs(RealHosts.Read(RealHosts.FoxCreekPass)));
        plan.Strategies.Should().Be(
            PlanStrategies.MergeAreas | PlanStrategies.ThreeChunks | PlanStrategies.AdjacentPamts);
        (plan.ExcludedBytes, plan.PamtKiB, plan.MaxReservedAreasUsed).Should().Be((0, RealHosts.FoxCreekPassKiB, 16));
    }

    [Fact]
    public void the_granite_rapids_fails_where_the_real_one_does()
    {
        HostMemory host = Machine.Of(RealHosts.GraniteMemory, RealHosts.GraniteCmrs);
        new StrategyConstructor(PlanStrategies.None).TryConstruct(host, out _, out TdmrFailure? failure);
        failure!.Message.Should().Be("TDMR [0x40000000, 0x80000000): reserved areas exhausted");
    }

    [Fact]
    public void the_granite_rapids_works_with_holes_from_its_cmrs()
    {
        MemoryPlan plan = Plan(Machine.Of(RealHosts.GraniteMemory, RealHosts.GraniteCmrs));
        plan.Strategies.Should().Be(PlanStrategies.HolesFromCmrs);
        plan.ExcludedBytes.Should().Be(0);
    }

    [Fact]
    public void the_granite_rapids_would_work_without_cmrs_too()
    {
        MemoryPlan plan = Plan(Machine.Of(RealHosts.GraniteMemory));
        plan.Strategies.Should().Be(
            PlanStrategies.MergeAreas | PlanStrategies.ThreeChunks | PlanStrategies.AdjacentPamts);
        plan.ExcludedBytes.Should().Be(0);
    }

    [Fact]
    public void ram_is_excluded_where_nothing_else_helps_and_as_little_as_does()
    {
        // 18 holes in one GiB, and no PAMTs that fill the memory between two of them.
        string blocks = string.Join(
            ", ", Enumerable.Range(0, 17).Select(static i => $"4G+{10 + (40 * i)}M+4K..4G+{20 + (41 * i)}M+12K"));
        MemoryPlan plan = Plan(Machine.Of($"{blocks}, 8G..16G"));
        plan.Strategies.Should().HaveFlag(PlanStrategies.ExcludeRam);
        plan.ExcludedBytes.Should().BeInRange(1, (21 << 20) + (16 << 10));
        new MemoryPlanner().TryPlan(Machine.Of($"{blocks}, 8G..16G"), out _, out TdmrFailure? failure)
            .Should().BeTrue();
        failure.Should().BeNull();
    }

    [Fact]
    public void a_machine_without_tdx_memory_has_no_plan()
    {
        Action plan = static () => new MemoryPlanner().Plan(Machine.Of("4K..636K"));
        plan.Should().Throw<TdmrConstructionException>().Which.Failure.Code.Should().Be(TdmrFailureCode.NoTdxMemory);
    }

    [Fact]
    public void a_machine_without_convertible_memory_has_no_plan()
    {
        new MemoryPlanner().TryPlan(Machine.Of("1M..1G", "2G..3G"), out _, out TdmrFailure? failure);
        failure!.Code.Should().Be(TdmrFailureCode.MemoryNotConvertible);
    }

    [Theory]
    [InlineData(22, true)]
    [InlineData(23, false)]
    public void addresses_with_a_key_id_are_not_convertible(int keyIdBits, bool planned)
    {
        bool found = new MemoryPlanner(new ModuleParameters { KeyIdBits = keyIdBits })
            .TryPlan(Machine.Of("1M..1G, 4G..5G"), out MemoryPlan? plan, out TdmrFailure? failure);
        found.Should().Be(planned);
        if (planned)
            plan!.ExcludedRam.Should().Equal(Machine.Ranges("4G..5G"));
        else
            failure!.Code.Should().Be(TdmrFailureCode.MemoryNotConvertible);
    }

    [Fact]
    public void more_areas_than_a_tdmr_info_has_room_for_count_as_sixteen()
    {
        HostMemory host = RealHosts.Read(RealHosts.FoxCreekPass);
        ModuleParameters module = new() { MaxReservedAreas = 17 };
        new StrategyConstructor(PlanStrategies.None, module: module).Construct(host).Verdict.Answer
            .Should().Be(ModuleAnswer.TooManyAreas);
        new MemoryPlanner(module).Plan(host).Strategies.Should().Be(PlanStrategies.HolesFromCmrs);
        new MemoryPlanner(module).Module.MaxReservedAreas.Should().Be(16);
    }

    [Theory]
    [InlineData(15, 0)]
    [InlineData(16, 0)]
    [InlineData(17, 64 * 200_000 * 4096L)]
    public void a_thousand_holes_are_planned_within_the_limits(int holesEach, long maxExcluded)
    {
        HostMemory host = ManyHoles.Of(holesEach);
        MemoryPlan plan = Plan(host);
        plan.ExcludedBytes.Should().BeLessThanOrEqualTo((ulong)maxExcluded);
        plan.Tdmrs.Count.Should().BeLessThanOrEqualTo(64);
    }

    [Fact]
    public void a_plan_of_a_construction_needs_the_machine_for_every_kernel()
    {
        HostMemory host = RealHosts.Read(RealHosts.FoxCreekPass);
        TdmrConstruction built =
            new TdmrConstructor(new LinuxPageAllocator(host), KernelModel.CmrHoles).Construct(host);
        foreach (KernelModel kernel in KernelModel.All)
        {
            FluentActions.Invoking(
                    () => MemoryPlan.FromConstruction(built, null!, kernel, ModuleParameters.Default))
                .Should().Throw<ArgumentNullException>().WithParameterName("host");
        }
    }

    private static MemoryPlan Plan(HostMemory host)
    {
        MemoryPlan plan = new MemoryPlanner().Plan(host);
        PlanCheck.Check(host, ModuleParameters.Default, plan);
        plan.IsAcceptable.Should().BeTrue();
        return plan;
    }
}
