using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class PlanComparisonTests
{
    [Fact]
    public void the_emerald_rapids_is_to_run_the_kernel_that_takes_holes_from_cmrs()
    {
        PlanComparison comparison = PlanComparison.Create(RealHosts.Read(RealHosts.FoxCreekPass));
        comparison.Recommended.Should().Be(0);
        PlanCandidate best = comparison.Candidates[0];
        (best.Kernel, best.Strategies).Should().Be((KernelModel.CmrHoles, PlanStrategies.None));
        comparison.Sentence.Should().Be(
            "mainline fails on this machine (TDMR [0x0, 0x80000000): reserved areas exhausted, 17 needed, 16 allowed); "
            + $"cmr-holes works as it is: 1.002 GiB of PAMTs in 5 of 64 TDMRs, "
            + "at most 3 of 16 reserved areas; "
            + "no RAM is excluded.");
    }

    [Fact]
    public void acceptable_candidates_come_first_and_the_cheapest_of_them_before_the_others()
    {
        foreach (string name in RealHosts.All)
        {
            PlanComparison comparison = PlanComparison.Create(RealHosts.Read(name));
            comparison.Candidates.Count.Should().BeGreaterThanOrEqualTo(11);
            comparison.Candidates.Select(static candidate => candidate.IsAcceptable).Should().BeInDescendingOrder();
            MemoryPlan[] plans =
            [
                .. comparison.Candidates.Where(static candidate => candidate.IsAcceptable)
                    .Select(static candidate => candidate.Plan!),
            ];
            plans.Select(static plan => (plan.ExcludedBytes, plan.PamtKiB, plan.Changes)).Should().BeInAscendingOrder();
        }
    }

    [Fact]
    public void a_machine_that_works_is_to_stay_with_mainline()
    {
        PlanComparison comparison = PlanComparison.Create(RealHosts.Read(RealHosts.Xeon.File));
        PlanCandidate best = comparison.Candidates[comparison.Recommended!.Value];
        (best.Kernel, best.Strategies).Should().Be((KernelModel.Mainline, PlanStrategies.None));
        comparison.Sentence.Should().Be(
            $"mainline works on this machine: 1.002 GiB of PAMTs in 3 of 64 TDMRs, "
            + "at most 4 of 16 reserved areas.");
    }

    [Fact]
    public void the_planners_combination_is_among_the_candidates()
    {
        PlanComparison comparison = PlanComparison.Create(
            RealHosts.WithoutCmrs(RealHosts.Read(RealHosts.FoxCreekPass)));
        comparison.Candidates.Count.Should().Be(16);
        comparison.Candidates[0].Strategies.Name().Should().Be("merge-areas+three-chunks+adjacent-pamts");
        comparison.Sentence.Should().Contain("it would work with merge-areas+three-chunks+adjacent-pamts");
    }

    [Fact]
    public void dynamic_pamt_is_open_where_the_module_is_not_known_to_have_it()
    {
        HostMemory host = RealHosts.Read("xeon-8480c-2-socket-256GiB.log");

        PlanCandidate open = Of(PlanComparison.Create(host));
        (open.IsAcceptable, open.NeedsDynamicPamt, open.Plan!.PamtKiB).Should().Be((false, true, 10252UL));
        open.Problem.Should().Be("the module is not known to have Dynamic PAMT");
        PlanCandidate known = Of(PlanComparison.Create(host, new() { DynamicPamt = true }));
        (known.IsAcceptable, known.NeedsDynamicPamt, known.Plan!.PamtKiB).Should().Be((true, false, 10252UL));

        static PlanCandidate Of(PlanComparison comparison) =>
            comparison.Candidates.Single(static candidate => candidate.Kernel == KernelModel.DynamicPamt);
    }

    [Fact]
    public void each_candidate_says_what_it_costs_or_why_it_fails()
    {
        foreach (PlanCandidate candidate in PlanComparison.Create(RealHosts.Read(RealHosts.FoxCreekPass)).Candidates)
        {
            (candidate.Problem is null).Should().Be(candidate.IsAcceptable);
            (candidate.Plan is null).Should().Be(candidate.Failure is not null);
            candidate.ToString().Should().StartWith($"{candidate.Kernel} {candidate.Strategies.Name()}: ");
        }
    }

    [Fact]
    public void plans_and_those_who_make_them_print_in_a_line()
    {
        PlanComparison comparison = PlanComparison.Create(RealHosts.Read(RealHosts.FoxCreekPass));

        comparison.ToString().Should().Be(comparison.Sentence);
        comparison.Candidates[0].ToString().Should().Be(
            $"cmr-holes kernel: 1.002 GiB in 5 TDMRs, "
            + "at most 3 reserved areas, 0x0 bytes of RAM excluded");
        comparison.Candidates.Single(static candidate =>
                candidate.Kernel == KernelModel.Mainline && candidate.Strategies == PlanStrategies.None)
            .ToString().Should().StartWith("mainline kernel: TDMR [0x0, 0x80000000): reserved areas exhausted");
        new StrategyConstructor(PlanStrategies.MergeAreas | PlanStrategies.ThreeChunks, KernelModel.V5).ToString()
            .Should().Be("v5 merge-areas+three-chunks");
        new MemoryPlanner(new ModuleParameters { MaxTdmrs = 3 }).ToString()
            .Should().Be("up to 3 TDMRs with 16 reserved areas");
        PlanOrder.Instance.ToString().Should().Be("cheapest first");
    }

    [Fact]
    public void what_the_module_refuses_is_said_in_words()
    {
        PlanComparison comparison = PlanComparison.Create(Machine.Of("1M..1G, 2G..3G", "1M..1G, 2G..3G-16M"));
        comparison.Candidates.Single(static candidate =>
                candidate.Kernel == KernelModel.Mainline && candidate.Strategies == PlanStrategies.None)
            .Problem.Should().StartWith("TDX_TDMR_OUTSIDE_CMRS: free space of TDMR 1");
        comparison.Sentence.Should().Contain(
            "16 MiB of RAM are excluded, which Linux would have to keep from its page allocator: "
            + "[0xbf000000, 0xc0000000)");
    }

    [Fact]
    public void areas_that_a_tdmr_info_has_no_room_for_are_said_to_be_too_many()
    {
        PlanComparison comparison = PlanComparison.Create(
            RealHosts.Read(RealHosts.FoxCreekPass), new() { MaxReservedAreas = 20 });
        PlanCandidate mainline = comparison.Candidates.Single(static candidate =>
            candidate.Kernel == KernelModel.Mainline && candidate.Strategies == PlanStrategies.None);
        (mainline.Plan is null, mainline.Verdict.Answer, mainline.IsAcceptable)
            .Should().Be((false, ModuleAnswer.TooManyAreas, false));
        mainline.Problem.Should().Be("a TDMR_INFO has room for 16 reserved areas, and a TDMR needs 17");
    }

    [Fact]
    public void a_machine_that_nothing_helps_has_no_recommendation()
    {
        PlanComparison comparison = PlanComparison.Create(Machine.Of("1M..1G", "2G..3G"));
        comparison.Recommended.Should().BeNull();
        comparison.Candidates.Should().OnlyContain(static candidate => !candidate.IsAcceptable);
        comparison.Sentence.Should().StartWith("mainline fails")
            .And.EndWith("neither another kernel nor any strategy helps.");
    }

    [Theory]
    [InlineData(
        "1M..1G, 4G..5G", "", "", null,
        "mainline works on this machine: 8216 KiB of PAMTs in 2 of 64 TDMRs, at most 2 of 16 reserved areas.")]
    [InlineData(
        "1M..1G, 4G..5G", "", "", "the nodes are not known",
        "it is not known whether mainline works on this machine, because the nodes are not known; as described it "
            + "does: 8216 KiB of PAMTs in 2 of 64 TDMRs, at most 2 of 16 reserved areas.")]
    [InlineData(
        "1M..1G", "1M..1G", "1M..512M, 513M..1G", null,
        "mainline fails on this machine (TDMR [0x0, 0x40000000): no 1027 contiguous pages for its PAMTs); dynamic-pamt "
            + "works, if the module has Dynamic PAMT: 44 KiB of PAMTs in 1 of 64 TDMRs, at most 2 of 16 reserved "
            + "areas; no RAM is excluded.")]
    [InlineData(
        "1M..1G", "1M..1G", "1M..1G", null,
        "mainline fails (TDMR [0x0, 0x40000000): no 1027 contiguous pages for its PAMTs), and neither another kernel "
            + "nor any strategy helps.")]
    [InlineData(
        "1M..1G", "1M..1G", "1M..1G", "the nodes are not known",
        "it is not known whether mainline works on this machine, because the nodes are not known; as described it "
            + "does not (TDMR [0x0, 0x40000000): no 1027 contiguous pages for its PAMTs), and neither another kernel "
            + "nor any strategy helps.")]
    [InlineData(
        "1M..1G", "", "1M..1G", null,
        "mainline fails on this machine (TDMR [0x0, 0x40000000): no 1027 contiguous pages for its PAMTs); whether "
            + "cmr-holes works is not known, because the CMRs are not known.")]
    [InlineData(
        "1M..1G, 2G..3G", "1M..1G, 2G..3G-16M", "", "the nodes are not known",
        "it is not known whether mainline works on this machine, because the nodes are not known; as described it "
            + "does not (TDX_TDMR_OUTSIDE_CMRS: free space of TDMR 1, [0x80000000, 0xc0000000), is not inside one CMR "
            + "or touching ones); cmr-holes-2024 works as it is: 8216 KiB of PAMTs in 2 of 64 TDMRs, at most 3 of 16 "
            + "reserved areas; 16 MiB of RAM are excluded, which Linux would have to keep from its page allocator: "
            + "[0xbf000000, 0xc0000000).")]
    public void the_sentence_says_whether_mainline_works_and_what_does(
        string memory, string cmrs, string blocked, string? doubt, string sentence)
    {
        PlanComparison comparison = PlanComparison.Create(Machine.Of(memory, cmrs, blocked), doubt: doubt);
        comparison.Sentence.Should().Be(sentence);
        comparison.Doubt.Should().Be(doubt);
        comparison.Recommended.HasValue.Should().Be(comparison.Candidates[0].IsAcceptable);
    }

    [Fact]
    public void candidates_that_the_module_rejects_come_before_those_that_fail() =>
        PlanComparison.Create(Machine.Of("1M..1G, 2G..3G", "1M..1G, 2G..3G-16M")).Candidates
            .Select(static candidate => $"{candidate.Kernel} {candidate.Strategies.Name()}").Should().Equal(
                "cmr-holes-2024 kernel",
                "mainline exclude-ram",
                "dynamic-pamt kernel",
                "mainline kernel",
                "7.1 kernel",
                "6.8 kernel",
                "mainline merge-areas",
                "mainline node-pamts",
                "mainline split-tdmrs",
                "mainline join-tdmrs",
                "mainline adjacent-pamts",
                "mainline three-chunks",
                "cmr-holes kernel",
                "v5 kernel",
                "mainline holes-from-cmrs");

    [Fact]
    public void candidates_are_sorted_by_what_they_are_then_by_what_they_cost() =>
        PlanComparison.Create(Machine.Of("1M..1G, 4G..5G")).Candidates
            .Select(static candidate => $"{candidate.Kernel} {candidate.Strategies.Name()}").Should().Equal(
                "mainline kernel",
                "7.1 kernel",
                "6.8 kernel",
                "mainline merge-areas",
                "mainline node-pamts",
                "mainline split-tdmrs",
                "mainline join-tdmrs",
                "mainline adjacent-pamts",
                "mainline exclude-ram",
                "mainline three-chunks",
                "cmr-holes kernel",
                "cmr-holes-2024 kernel",
                "v5 kernel",
                "mainline holes-from-cmrs",
                "dynamic-pamt kernel");

    [Fact]
    public void the_order_prefers_acceptance_then_ram_then_pamts_then_few_changes_then_room()
    {
        HostMemory host = RealHosts.Read(RealHosts.FoxCreekPass);
        MemoryPlan holes = new StrategyConstructor(PlanStrategies.HolesFromCmrs).Construct(host);
        MemoryPlan split = new StrategyConstructor(PlanStrategies.SplitTdmrs).Construct(host);
        MemoryPlan gives = new StrategyConstructor(PlanStrategies.ExcludeRam).Construct(host);
        MemoryPlan both =
            new StrategyConstructor(PlanStrategies.HolesFromCmrs | PlanStrategies.MergeAreas).Construct(host);
        MemoryPlan refused = new StrategyConstructor(
            PlanStrategies.None, module: new ModuleParameters { MaxReservedAreas = 17 }).Construct(host);
        new MemoryPlan?[] { null, refused, gives, split, both, holes }
            .Order(PlanOrder.Instance).Should().Equal(holes, both, split, gives, refused, null);
        PlanOrder.Instance.Compare(holes, holes).Should().Be(0);
    }

    [Theory]
    [InlineData(PlanStrategies.None, 2, 1, PlanStrategies.MergeAreas, 1, 1)]
    [InlineData(PlanStrategies.SplitTdmrs, 1, 2, PlanStrategies.MergeAreas, 2, 1)]
    [InlineData(PlanStrategies.SplitTdmrs, 1, 1, PlanStrategies.MergeAreas, 1, 2)]
    public void of_plans_that_cost_the_same_the_first_has_fewer_changes_then_more_areas_left_then_more_tdmrs_left(
        PlanStrategies first, int areas, int tdmrs, PlanStrategies second, int otherAreas, int otherTdmrs)
    {
        MemoryPlan better = Of(first, areas, tdmrs);
        MemoryPlan worse = Of(second, otherAreas, otherTdmrs);
        (better.PamtPages == worse.PamtPages).Should().BeTrue();
        PlanOrder.Instance.Compare(better, worse).Should().BeNegative();
        PlanOrder.Instance.Compare(worse, better).Should().BePositive();

        // PAMTs take as many pages in one TDMR as in two.
        static MemoryPlan Of(PlanStrategies strategies, int areas, int tdmrs)
        {
            ulong bytes = 8192UL * (ulong)(3 - tdmrs);
            return new(
                KernelModel.Mainline,
                strategies,
                new([.. Enumerable.Range(0, tdmrs).Select(i => new TdmrInfo(
                    AddressRange.Create((ulong)i << 30, ((ulong)i + 1) << 30),
                    0,
                    new(0x10000, bytes),
                    new(0x20000, bytes),
                    new(0x30000, bytes),
                    new([.. Enumerable.Range(0, areas).Select(static i =>
                        new ReservedArea((ulong)i << 20, 4096, ReservedAreaSource.Hole))])))]),
                default,
                ModuleVerdict.NotAsked);
        }
    }
}
