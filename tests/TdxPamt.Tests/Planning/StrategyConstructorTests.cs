using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class StrategyConstructorTests
{
    public static TheoryData<string> Hosts => [.. RealHosts.All];

    [Fact]
    public void cmr_holes_need_fewer_areas_because_cmrs_span_the_holes_of_the_memory_map()
    {
        MemoryPlan plan = Solve(PlanStrategies.HolesFromCmrs, RealHosts.Read(RealHosts.FoxCreekPass));
        (plan.PamtKiB, plan.Tdmrs.Count, plan.MaxReservedAreasUsed).Should().Be(
            (RealHosts.FoxCreekPassKiB, RealHosts.FoxCreekPassTdmrs, 3));
    }

    [Fact]
    public void cmr_holes_never_hide_ram_outside_the_cmrs()
    {
        HostMemory host = Machine.Of("1M..1G, 2G..3G", "1M..1G");
        new StrategyConstructor(PlanStrategies.HolesFromCmrs).TryConstruct(host, out _, out TdmrFailure? failure);
        failure!.Code.Should().Be(TdmrFailureCode.MemoryNotConvertible);
        failure.Range.Should().Be(Machine.Range("2G..3G"));
    }

    [Fact]
    public void cmr_holes_take_touching_cmrs_as_one()
    {
        HostMemory host = Machine.Of("1M..1G", "1M..512M, 512M..1G");
        Plan(PlanStrategies.HolesFromCmrs, host).IsAcceptable.Should().BeTrue();
        new StrategyConstructor(PlanStrategies.None, KernelModel.CmrHoles)
            .TryConstruct(host, out _, out TdmrFailure? failure);
        failure!.Code.Should().Be(TdmrFailureCode.MemoryNotConvertible);
    }

    [Fact]
    public void merged_areas_make_one_of_pamts_that_linux_puts_side_by_side()
    {
        HostMemory host = Machine.Of("1M..2G, 4G..6G, 8G..10G, 12G..14G");
        MemoryPlan plan = Solve(PlanStrategies.MergeAreas, host, new ModuleParameters { MaxReservedAreas = 3 });
        plan.Tdmrs[1].ReservedAreas.Should().Equal(new ReservedArea(
            plan.Tdmrs[0].PamtChunk.Start - (4UL << 30), 4 * (8212UL << 10), ReservedAreaSource.Pamt));
    }

    [Fact]
    public void merged_areas_make_one_of_a_pamt_and_the_hole_that_it_touches()
    {
        HostMemory host = Machine.Of("1M..16M, 16M+4K..20M+32K, 21M..1G", blocked: "21M..1G, 1M..16M");
        MemoryPlan plan = Solve(
            PlanStrategies.MergeAreas | PlanStrategies.AdjacentPamts,
            host,
            new ModuleParameters { MaxReservedAreas = 3 });
        plan.Tdmrs[0].ReservedAreas.Should().Equal(
            Machine.Areas("hole 0..1M, hole 16M..20M+16K, hole 20M+32K..21M"));
    }

    [Fact]
    public void split_tdmrs_have_their_areas_each()
    {
        MemoryPlan plan = Solve(PlanStrategies.SplitTdmrs, RealHosts.Read(RealHosts.FoxCreekPass));
        (plan.PamtKiB, plan.Tdmrs.Count, plan.MaxReservedAreasUsed).Should().Be((1050648, 6, 16));
        plan.Tdmrs.Take(3).Select(static tdmr => tdmr.Range)
            .Should().Equal(Machine.Ranges("0..1G, 1G..2G, 4G..66G"));
    }

    [Fact]
    public void a_tdmr_is_split_between_its_holes_and_the_pamts_in_it()
    {
        string blocks = string.Join(
            ", ", Enumerable.Range(1, 14).Select(static i => $"11G+{2 * i}M..11G+{(2 * i) + 1}M"));
        HostMemory host = Machine.Of($"1M..1G, 4G..11G+1M, {blocks}");
        MemoryPlan plan = Solve(PlanStrategies.SplitTdmrs, host);
        (plan.Tdmrs.Count, plan.MaxReservedAreasUsed).Should().Be((3, 15));
        plan.PamtKiB.Should().Be((9 * 4104) + (3 * 4));
    }

    [Fact]
    public void tdmrs_are_joined_over_the_smallest_gaps()
    {
        HostMemory host = Machine.Of("1M..1G, 2G..3G, 8G..16G, 18G..32G@1");
        MemoryPlan plan = Solve(PlanStrategies.JoinTdmrs, host, new ModuleParameters { MaxTdmrs = 3 });
        plan.Tdmrs.Select(static tdmr => tdmr.Range).Should().Equal(Machine.Ranges("0..3G, 8G..16G, 18G..32G"));
        plan = Solve(PlanStrategies.JoinTdmrs, host, new ModuleParameters { MaxTdmrs = 2 });
        plan.Tdmrs.Select(static tdmr => tdmr.Range).Should().Equal(Machine.Ranges("0..3G, 8G..32G"));
    }

    [Fact]
    public void tdmrs_that_do_not_run_out_are_not_joined() =>
        Plan(PlanStrategies.JoinTdmrs, Machine.Of("1M..1G, 1G..2G@1, 3G..4G")).Tdmrs.Should().HaveCount(3);

    [Theory]
    [InlineData(StrategyConstructor.MaxMemoryBlocks, false)]
    [InlineData(StrategyConstructor.MaxMemoryBlocks + 1, true)]
    public void more_memory_blocks_than_any_machine_has_are_not_searched(int blocks, bool refused)
    {
        HostMemory host = HostMemory.Create(Enumerable.Range(0, blocks).Select(static i =>
            new MemoryRegion(AddressRange.Create(0x100000 + ((ulong)i << 13), 0x101000 + ((ulong)i << 13)), 0)));
        StrategyConstructor constructor = new(PlanStrategies.MergeAreas);
        constructor.TryConstruct(host, out _, out TdmrFailure? failure);
        (failure?.Code == TdmrFailureCode.TooManyMemoryBlocks).Should().Be(refused);
        if (!refused)
            return;
        new MemoryPlanner().TryPlan(host, out _, out TdmrFailure? unplanned).Should().BeFalse();
        unplanned.Should().Be(failure);
        failure.Should().Match<TdmrFailure>(static it => it.Needed == 8193 && it.Allowed == 8192 && it.Errno == null);
        FluentActions.Invoking(() => PlanComparison.Create(host)).Should().Throw<ArgumentException>()
            .WithMessage("strategies are not searched for hosts of more than 8192 memory blocks*");
    }

    [Fact]
    public void three_chunks_fit_where_one_does_not()
    {
        HostMemory host = Machine.Of("1M..1G", blocked: "1M..16M, 20M..32M, 32M+8K..48M, 48M+4K..1G");
        MemoryPlan plan = Solve(PlanStrategies.ThreeChunks, host);
        plan.Tdmrs[0].Pamt4K.Should().Be(new Pamt(16 << 20, 4 << 20));
        plan.Tdmrs[0].Pamt2M.Should().Be(new Pamt(32 << 20, 8 << 10));
        plan.Tdmrs[0].Pamt1G.Should().Be(new Pamt(48 << 20, 4 << 10));
        plan.Tdmrs[0].HasPamtChunk.Should().BeFalse();
        plan.Tdmrs[0].Invoking(static tdmr => tdmr.PamtChunk).Should().Throw<InvalidOperationException>();
        plan.PamtKiB.Should().Be(4108);
    }

    [Fact]
    public void touching_pamts_go_where_areas_are_left()
    {
        HostMemory host = Machine.Of("1M..512M, 513M..1G, 4G..5G-1M, 8G..9G@1");
        MemoryPlan plan = Solve(PlanStrategies.AdjacentPamts, host, new ModuleParameters { MaxReservedAreas = 2 });
        plan.Tdmrs.Select(static tdmr => tdmr.ReservedAreas.Count).Should().Equal(2, 2, 2);
    }

    [Fact]
    public void touching_pamts_go_to_the_last_node_there_can_be() =>
        Plan(PlanStrategies.AdjacentPamts, Machine.Of("1M..1G@1023")).PamtKiB.Should().Be(4108);

    [Fact]
    public void touching_pamts_that_are_merged_cost_no_area()
    {
        HostMemory host = Machine.Of("1M..1G-4M, 4G+4M..8G-4M, 8G+4M..12G-4M, 12G+4M..16G-4M@1");
        MemoryPlan plan = Solve(
            PlanStrategies.AdjacentPamts | PlanStrategies.MergeAreas,
            host,
            new ModuleParameters { MaxReservedAreas = 2 });
        plan.Tdmrs.Should().OnlyContain(static tdmr => tdmr.ReservedAreas.Count == 2);
    }

    [Fact]
    public void a_pamt_that_fills_the_memory_between_two_holes_saves_an_area()
    {
        MemoryPlan plan = Solve(
            PlanStrategies.MergeAreas | PlanStrategies.ThreeChunks | PlanStrategies.AdjacentPamts,
            RealHosts.WithoutCmrs(RealHosts.Read(RealHosts.FoxCreekPass)));
        (plan.PamtKiB, plan.Tdmrs.Count, plan.MaxReservedAreasUsed).Should().Be(
            (RealHosts.FoxCreekPassKiB, RealHosts.FoxCreekPassTdmrs, 16));
        plan.Tdmrs[0].Pamt1G.Should().Be(new Pamt(0x64158000, 0x1000));
    }

    [Fact]
    public void the_pamts_of_a_node_are_one_area()
    {
        HostMemory host = Machine.Of("1M..2G, 4G..5G, 8G..11G, 16G..17G, 20G..24G");
        MemoryPlan plan = Solve(PlanStrategies.NodePamts, host, new ModuleParameters { MaxReservedAreas = 3 });
        plan.Tdmrs.Sum(static tdmr => tdmr.ReservedAreas.Count(static area => area.Source == ReservedAreaSource.Pamt))
            .Should().Be(1);
    }

    [Fact]
    public void excluding_ram_names_the_cheapest_memory_between_two_holes()
    {
        MemoryPlan plan = Solve(PlanStrategies.ExcludeRam, RealHosts.Read(RealHosts.FoxCreekPass), giveUp: true);
        plan.ExcludedRam.Should().Equal(Machine.Ranges("0x64158000..0x64159000"));
        (plan.ExcludedBytes, plan.PamtKiB).Should().Be((4096, 1050644));
    }

    [Fact]
    public void excluding_ram_excludes_the_smallest_tdmr_where_tdmrs_run_out()
    {
        HostMemory host = Machine.Of("1M..1G, 2G..2G+8M, 4G..8G");
        Solve(PlanStrategies.ExcludeRam, host, new ModuleParameters { MaxTdmrs = 2 }, giveUp: true)
            .ExcludedRam.Should().Equal(Machine.Ranges("2G..2G+8M"));
    }

    [Fact]
    public void excluding_ram_excludes_what_is_not_convertible()
    {
        HostMemory host = Machine.Of("1M..1G, 2G..3G", "1M..1G, 2G..3G-16M");
        MemoryPlan kernel = Plan(PlanStrategies.None, host);
        kernel.IsAcceptable.Should().BeFalse();
        MemoryPlan plan = Plan(PlanStrategies.ExcludeRam, host);
        plan.IsAcceptable.Should().BeTrue();
        plan.ExcludedRam.Should().Equal(Machine.Ranges("3G-16M..3G"));
    }

    [Fact]
    public void pamts_in_excluded_memory_are_not_counted_as_excluded()
    {
        HostMemory host = Machine.Of("1M..1G, 2G..2G+8M, 4G..8G");
        MemoryPlan plan = Solve(
            PlanStrategies.ExcludeRam | PlanStrategies.AdjacentPamts,
            host,
            new ModuleParameters { MaxTdmrs = 2 },
            giveUp: true);
        plan.ExcludedBytes.Should().Be((8 << 20) - (4108 << 10));
    }

    [Fact]
    public void every_strategy_asked_for_more_than_a_machine_has_fails_as_the_kernel_does()
    {
        foreach (PlanStrategies each in PlanStrategyNames.Each)
        {
            new StrategyConstructor(each).TryConstruct(Machine.Of("4K..636K"), out _, out TdmrFailure? failure);
            failure!.Code.Should().Be(TdmrFailureCode.NoTdxMemory);
            Action construct = () => new StrategyConstructor(each).Construct(Machine.Of("4K..636K"));
            construct.Should().Throw<TdmrConstructionException>();
        }
    }

    [Theory]
    [MemberData(nameof(Hosts))]
    public void on_real_machines_every_strategy_keeps_the_rules_and_the_kernels_memory(string name)
    {
        HostMemory host = RealHosts.Read(name);
        new StrategyConstructor(PlanStrategies.None).TryConstruct(host, out MemoryPlan? kernel, out _);
        foreach (PlanStrategies each in PlanStrategyNames.Each)
        {
            if (!new StrategyConstructor(each).TryConstruct(host, out MemoryPlan? plan, out TdmrFailure? failure))
            {
                bool fails = kernel is null || (each == PlanStrategies.HolesFromCmrs && host.Cmrs.Count == 0);
                fails.Should().BeTrue("{0} fails: {1}", each.Name(), failure);
                continue;
            }

            PlanCheck.Check(host, ModuleParameters.Default, plan);
            plan.IsAcceptable.Should().BeTrue();
            if (kernel is not null)
                plan.PamtKiB.Should().Be(kernel.PamtKiB);
        }
    }

    private static MemoryPlan Plan(PlanStrategies strategies, HostMemory host, ModuleParameters? module = null)
    {
        MemoryPlan plan = new StrategyConstructor(strategies, module: module).Construct(host);
        PlanCheck.Check(host, module ?? ModuleParameters.Default, plan);
        return plan;
    }

    /// <summary>A plan that only these strategies make possible.</summary>
    private static MemoryPlan Solve(
        PlanStrategies strategies, HostMemory host, ModuleParameters? module = null, bool giveUp = false)
    {
        foreach (PlanStrategies each in PlanStrategyNames.Each.Where(each => strategies.HasFlag(each)))
        {
            if (!giveUp || each == PlanStrategies.ExcludeRam)
            {
                new StrategyConstructor(strategies & ~each, module: module).TryConstruct(host, out _, out _)
                    .Should().BeFalse("{0} is needed", each.Name());
            }
        }

        MemoryPlan plan = Plan(strategies, host, module);
        plan.IsAcceptable.Should().BeTrue();
        return plan;
    }
}
