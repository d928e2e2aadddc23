using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class LayoutExplanationTests
{
    [Fact]
    public void the_emerald_rapids_needs_one_hole_less()
    {
        LayoutExplanation explanation = LayoutExplanation.Create(RealHosts.Read(RealHosts.FoxCreekPass));
        explanation.Failure!.Code.Should().Be(TdmrFailureCode.ReservedAreasExhausted);
        explanation.TdmrsLeft.Should().Be(59);
        TdmrUsage tdmr = explanation.Tightest!;
        (tdmr.Index, tdmr.Left, tdmr.Holes, tdmr.Pamts).Should().Be((0, -1, 17, 0));
        tdmr.HolesToRemove.Should().Equal(Machine.Ranges("0x619e2000..0x619ea000"));
        tdmr.RamToExclude.Should().Equal(Machine.Ranges("0x64158000..0x64159000"));
        explanation.ToString().Should().Be(
            "mainline fails (TDMR [0x0, 0x80000000): reserved areas exhausted); 5 of 64 TDMRs are needed; "
            + "TDMR [0x0, 0x80000000) needs 17 of 16 reserved areas, 17 for holes and 0 for PAMTs; "
            + "it would fit without the hole [0x619e2000, 0x619ea000), or with [0x64158000, 0x64159000) excluded.");
    }

    [Fact]
    public void areas_are_named_by_what_uses_them()
    {
        TdmrUsage tdmr = LayoutExplanation.Create(RealHosts.Read(RealHosts.Xeon.File)).Tdmrs[1];
        tdmr.Areas.Select(static area => area.PamtsOf).Should().Equal(0, 1, 2, null);
        tdmr.Left.Should().Be(12);
        tdmr.Areas[3].Range.Should().Be(AddressRange.Create(0x206e000000, 0x2080000000));
        tdmr.Areas[3].Whole.Should().Be(AddressRange.Create(0x206e000000, 0x2080000000));
        tdmr.Areas[0].ToString().Should().StartWith("PAMTs of TDMR 0 [0x");
        tdmr.Areas[3].ToString().Should().Be("hole [0x206e000000, 0x2080000000)");
        tdmr.HolesToRemove.Should().BeEmpty();
        tdmr.RamToExclude.Should().BeEmpty();
    }

    [Fact]
    public void the_areas_are_the_kernels()
    {
        foreach (string name in RealHosts.All)
        {
            HostMemory host = RealHosts.Read(name);
            ModuleParameters module = new() { MaxReservedAreas = 100 };
            foreach (KernelModel kernel in KernelModel.All)
            {
                LayoutExplanation explanation = LayoutExplanation.Create(host, kernel, module);
                StrategyConstructor constructor = new(PlanStrategies.None, kernel, module);
                if (!constructor.TryConstruct(host, out MemoryPlan? plan, out _))
                    continue;
                explanation.Failure.Should().BeNull();
                explanation.Tdmrs.Select(static tdmr => tdmr.Areas.Count)
                    .Should().Equal(plan.Tdmrs.Select(static tdmr => tdmr.ReservedAreas.Count));
            }
        }
    }

    [Fact]
    public void pamts_may_be_to_blame_rather_than_holes()
    {
        LayoutExplanation explanation = LayoutExplanation.Create(
            Machine.Of("1M..1G, 4G..12G"), module: new ModuleParameters { MaxReservedAreas = 1 });
        explanation.Tightest!.Pamts.Should().Be(2);
        explanation.Tightest.HolesToRemove.Should().BeEmpty();
        explanation.Tightest.RamToExclude.Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("1M..1G", 1, 16, "mainline works; 1 of 64 TDMRs are needed; TDMR [0x0, 0x40000000) needs 2 of 16 "
        + "reserved areas, 1 for holes and 1 for PAMTs.")]
    [InlineData("1M..1G, 4G..12G", 2, 1, "mainline fails (TDMR [0x100000000, 0x300000000): reserved areas exhausted); "
        + "2 of 64 TDMRs are needed; TDMR [0x100000000, 0x300000000) needs 2 of 1 reserved areas, 0 for holes and 2 "
        + "for PAMTs; it would fit with [0x100000000, 0x300000000) excluded.")]
    [InlineData("4G..4G+16M, 4G+17M..4G+32M, 4G+33M..5G", 1, 1, "mainline fails (TDMR [0x100000000, 0x140000000): "
        + "reserved areas exhausted); 1 of 64 TDMRs are needed; TDMR [0x100000000, 0x140000000) needs 3 of 1 reserved "
        + "areas, 2 for holes and 1 for PAMTs; it would fit without the holes [0x101000000, 0x101100000), "
        + "[0x102000000, 0x102100000).")]
    public void an_explanation_says_what_is_needed_and_what_would_help(
        string memory, int tdmrs, int areas, string text)
    {
        LayoutExplanation explanation = LayoutExplanation.Create(
            Machine.Of(memory), module: new ModuleParameters { MaxReservedAreas = areas });

        explanation.Tdmrs.Should().HaveCount(tdmrs);
        explanation.ToString().Should().Be(text);
    }

    [Fact]
    public void tdmrs_that_run_out_are_all_looked_at()
    {
        LayoutExplanation explanation = LayoutExplanation.Create(
            Machine.Of("1M..1G, 2G..3G, 4G..8G"), module: new ModuleParameters { MaxTdmrs = 2 });
        explanation.Failure!.Code.Should().Be(TdmrFailureCode.TdmrsExhausted);
        explanation.Tdmrs.Should().HaveCount(3);
        explanation.TdmrsLeft.Should().Be(-1);
    }

    [Fact]
    public void where_pamts_find_no_room_the_holes_are_looked_at()
    {
        LayoutExplanation explanation = LayoutExplanation.Create(Machine.Of("1M..1G", blocked: "1M..1G"));
        explanation.Failure!.Code.Should().Be(TdmrFailureCode.PamtAllocationFailed);
        explanation.Tdmrs[0].Areas.Should().ContainSingle();
    }

    [Fact]
    public void without_tdx_memory_there_is_nothing_to_explain()
    {
        LayoutExplanation explanation = LayoutExplanation.Create(Machine.Of("4K..636K"));
        explanation.Tightest.Should().BeNull();
        explanation.ToString().Should().Be("mainline fails (no memory at or above 1 MiB).");
    }

    [Fact]
    public void holes_of_cmrs_are_explained_for_the_kernel_that_takes_them()
    {
        HostMemory host = Machine.Of("1M..100M, 101M..200M, 202M..1G", "1M..100M, 101M..200M, 202M..1G");
        LayoutExplanation explanation = LayoutExplanation.Create(
            host, KernelModel.CmrHoles, new ModuleParameters { MaxReservedAreas = 3 });
        explanation.Tightest!.HolesToRemove.Should().Equal(Machine.Ranges("100M..101M"));
    }

    [Theory]
    [InlineData(3, "100M..101M")]
    [InlineData(2, "100M..101M, 200M..202M")]
    [InlineData(1, "")]
    public void holes_of_cmrs_to_remove_become_cmrs(int areas, string holes)
    {
        HostMemory host = Machine.Of("1M..100M, 101M..200M, 202M..1G", "1M..100M, 101M..200M, 202M..1G");
        LayoutExplanation.Create(host, KernelModel.CmrHoles, new ModuleParameters { MaxReservedAreas = areas })
            .Tightest!.HolesToRemove.Should().Equal(Machine.Ranges(holes));
    }

    [Theory]
    [InlineData("", 1, 1, 2)]
    [InlineData(", 6G..7G", 2, 2, 2)]
    [InlineData(", 6G..7G", 2, 1, 0)]
    public void where_there_are_too_many_tdmrs_none_fits_without_holes(
        string more, int areas, int maxTdmrs, int holes) =>
        LayoutExplanation.Create(
            Machine.Of("4G..4G+16M, 4G+17M..4G+32M, 4G+33M..5G" + more),
            module: new ModuleParameters { MaxTdmrs = maxTdmrs, MaxReservedAreas = areas })
            .Tdmrs[0].HolesToRemove.Should().HaveCount(holes);

    /// <summary>What is excluded closes gaps between holes: gaps between PAMTs move with them.</summary>
    [Theory]
    [InlineData("1M..1M+4K, 30M..2G+30M, 2G+30M+4K..2778M, 2820M..4G+1M", 4, false, "1M..1M+4K, 2G+30M+4K..2778M")]
    [InlineData("1M..2M, 2M+4K..1G+1M", 2, true, "0..1G")]
    public void where_pamts_come_to_lie_elsewhere_more_ram_is_excluded(
        string memory, int areas, bool dynamicPamt, string excluded)
    {
        ModuleParameters module = new() { MaxReservedAreas = areas, DynamicPamt = dynamicPamt };
        HostMemory host = Machine.Of(memory);
        ValueList<AddressRange> ram = LayoutExplanation.Create(host, module: module).Tdmrs[0].RamToExclude;
        ram.Should().Equal(Machine.Ranges(excluded));
        HostMemory rest = HostMemory.Create(
            AddressRanges.Subtract(host.TdxMemoryRanges, ram.Span)
                .Select(static range => new MemoryRegion(range, node: 0)));
        LayoutExplanation.Create(rest, module: module).Tdmrs
            .Should().NotContain(static tdmr => tdmr.Index == 0 && tdmr.Left < 0);
    }

    /// <summary>The search begins with as many holes as must go at least.</summary>
    [Fact]
    public void of_many_holes_those_are_not_tried_that_may_all_stay()
    {
        const string Memory =
            "1M..2G+1M, 0x80e01000..0x80e02000, 0x80e03000..0x80f03000, 0xc0f03000..0xc0f05000, "
            + "0xc0f06000..0xc1006000, 0xc2206000..0xede06000, 0xede07000..0xede3d000, 0xef93d000..0xefa3d000, "
            + "0xefa3e000..0x100100000";
        TdmrUsage tdmr = LayoutExplanation.Create(
            Machine.Of(Memory), module: new ModuleParameters { MaxReservedAreas = 2, DynamicPamt = true }).Tdmrs[1];
        tdmr.HolesToRemove.Should().Equal(Machine.Ranges(
            "0xc0f05000..0xc0f06000, 0xc1006000..0xc2206000, 0xede06000..0xede07000, 0xefa3d000..0xefa3e000"));
    }
}
