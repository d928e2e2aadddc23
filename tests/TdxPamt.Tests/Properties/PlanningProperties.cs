using System.Collections.Concurrent;
using CsCheck;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Properties;

public class PlanningProperties(ITestOutputHelper output)
{
    private const int Iterations = 1500;

    /// <summary>How many samples it takes to meet what is seldom.</summary>
    private const int Least = 300;

    [Fact]
    public void without_strategies_the_plan_is_the_kernels() =>
        new RandomHosts(tiny: false).Hold(Iterations, static random =>
        {
            HostMemory host = random.ToHostMemory();
            ModuleParameters module = random.ToModuleParameters();
            bool constructed = Constructor(host, random.Kernel, module)
                .TryConstruct(host, out TdmrConstruction? construction, out TdmrFailure? failure);
            new StrategyConstructor(PlanStrategies.None, random.Kernel, module)
                .TryConstruct(host, out MemoryPlan? plan, out TdmrFailure? planFailure)
                .Should().Be(constructed);
            planFailure.Should().Be(failure);
            if (constructed)
            {
                plan!.Tdmrs.Should().Equal(construction!.Tdmrs);
                plan.PamtPages.Should().Be(construction.PamtPages);
            }
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void every_plan_of_every_combination_keeps_the_rules(bool tiny)
    {
        ConcurrentDictionary<PlanStrategies, int> plans = new();
        (from random in new RandomHosts(tiny)
         from strategies in Gen.Int[0, 255]
         select (random, strategies: (PlanStrategies)strategies)).Hold(Iterations, sample =>
        {
            HostMemory host = sample.random.ToHostMemory();
            ModuleParameters module = sample.random.ToModuleParameters();
            StrategyConstructor constructor = new(sample.strategies, KernelModel.Mainline, module);
            if (!constructor.TryConstruct(host, out MemoryPlan? plan, out _))
                return;
            PlanCheck.Check(host, module, plan);
            foreach (PlanStrategies each in PlanStrategyNames.Each.Where(each => sample.strategies.HasFlag(each)))
                plans.AddOrUpdate(each, 1, static (_, count) => count + 1);
        }, Least);
        foreach (PlanStrategies each in PlanStrategyNames.Each)
            output.WriteLine($"{each.Name()}: {plans[each]}");
        plans.Should().HaveCount(8).And.OnlyContain(static pair => pair.Value > Least / 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void the_planners_plan_is_accepted_and_never_worse_than_a_kernels(bool tiny)
    {
        ConcurrentDictionary<string, int> best = new(StringComparer.Ordinal);
        new RandomHosts(tiny).Hold(tiny ? Iterations : Iterations / 5, random =>
        {
            HostMemory host = random.ToHostMemory();
            ModuleParameters module = random.ToModuleParameters();
            MemoryPlanner planner = new(module);
            bool found = planner.TryPlan(host, out MemoryPlan? plan, out TdmrFailure? failure);
            best.AddOrUpdate(plan?.Strategies.Name() ?? failure!.Code.ToString(), 1, static (_, count) => count + 1);
            if (found)
            {
                plan!.IsAcceptable.Should().BeTrue();
                PlanCheck.Check(host, planner.Module, plan);
            }

            foreach (KernelModel kernel in KernelModel.All)
            {
                new StrategyConstructor(PlanStrategies.None, kernel, planner.Module)
                    .TryConstruct(host, out MemoryPlan? own, out _);
                if (own is { IsAcceptable: true })
                {
                    plan!.ExcludedBytes.Should().BeLessThanOrEqualTo(own.ExcludedBytes);
                    if (plan.ExcludedBytes == own.ExcludedBytes)
                        plan.PamtPages.Should().BeLessThanOrEqualTo(own.PamtPages);
                    if (kernel == KernelModel.Mainline)
                        plan.Strategies.Should().Be(PlanStrategies.None);
                }
            }
        }, Least);
        foreach ((string name, int count) in best.OrderByDescending(static pair => pair.Value))
            output.WriteLine($"{count} {name}");
        best.Should().HaveCountGreaterThan(10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void on_small_hosts_no_cover_at_all_is_cheaper_than_the_planners(bool manyTdmrs)
    {
        ConcurrentDictionary<string, int> seen = new(StringComparer.Ordinal);
        new SmallHosts(manyTdmrs).Hold(Iterations, sample =>
        {
            (ulong Pages, int Changes)? best = new BruteForcePlanner(sample.Host, sample.Module).Best();
            if (!new MemoryPlanner(sample.Module).TryPlan(sample.Host, out MemoryPlan? plan, out _))
            {
                best.Should().BeNull();
                return;
            }

            PlanCheck.Check(sample.Host, sample.Module, plan);
            plan.IsAcceptable.Should().BeTrue();
            string what = best is not { } least ? "only the planner finds a plan"
                : plan.PamtPages < least.Pages ? "the planner needs fewer pages"
                : plan.Changes < least.Changes ? "the planner needs fewer changes"
                : "both plans cost the same";
            seen.AddOrUpdate(what + (plan.ExcludedBytes > 0 ? ", with RAM excluded" : ""), 1, static (_, n) => n + 1);
            if (best is { } cost)
            {
                plan.ExcludedBytes.Should().Be(0);
                (plan.PamtPages, plan.Changes).CompareTo(cost).Should().BeLessThanOrEqualTo(
                    0, "{0} is a plan, but the planner has {1} for {2}", cost, plan, sample.Host.TdxMemoryBlocks);
            }
        });
        foreach ((string what, int count) in seen)
            output.WriteLine($"{what}: {count}");
        seen["both plans cost the same"].Should().BeGreaterThan(Samples.Scaled(Iterations) / 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void on_small_hosts_there_is_hardly_ever_less_to_give_up_than_the_planner_does(bool manyTdmrs)
    {
        // What is excluded is exact for holes and TDMRs, but not for where PAMTs come to lie.
        int compared = 0;
        int worse = 0;
        new SmallHosts(manyTdmrs).Hold(Iterations / 3, sample =>
        {
            MemoryRegion[] pieces = [.. Pieces(sample.Host)];
            bool found = new MemoryPlanner(sample.Module).TryPlan(sample.Host, out MemoryPlan? plan, out _);
            if (sample.Host.Cmrs.Count > 0 || pieces.Length > 7 || plan is { ExcludedBytes: 0 })
                return;
            ulong mine = found ? plan!.ExcludedBytes : ulong.MaxValue;
            for (int kept = 1; kept < (1 << pieces.Length) - 1; kept++)
            {
                MemoryRegion[] rest = [.. pieces.Where((_, i) => (kept & (1 << i)) != 0)];
                ulong excluded = Bytes(sample.Host.TdxMemoryBlocks) - Bytes(rest);
                if (excluded < mine && new BruteForcePlanner(
                        HostMemory.Create(rest, null, sample.Host.BlockedRanges), sample.Module).Best() is not null)
                {
                    Interlocked.Increment(ref worse);
                    break;
                }
            }

            Interlocked.Increment(ref compared);
        }, least: Iterations / 3);
        output.WriteLine($"{compared} compared, {worse} could be better");
        compared.Should().BeGreaterThan(10);
        worse.Should().BeLessThanOrEqualTo(compared / 40);
    }

    [Fact]
    public void a_kernel_that_fails_for_its_holes_works_on_the_tdmr_without_those_to_blame()
    {
        int removed = 0;
        new RandomHosts(tiny: false).Hold(Iterations, random =>
        {
            HostMemory host = random.ToHostMemory();
            ModuleParameters module = random.ToModuleParameters();
            LayoutExplanation explanation = LayoutExplanation.Create(host, random.Kernel, module);
            bool constructed = Constructor(host, random.Kernel, module)
                .TryConstruct(host, out TdmrConstruction? construction, out TdmrFailure? failure);
            explanation.Failure.Should().Be(failure);
            if (constructed)
            {
                explanation.Tdmrs.Select(static tdmr => (tdmr.Range, tdmr.Areas.Count))
                    .Should().Equal(construction!.Tdmrs.Select(static tdmr => (tdmr.Range, tdmr.ReservedAreas.Count)));
            }

            bool exhausted = failure is { Code: TdmrFailureCode.ReservedAreasExhausted };
            if (!exhausted || random.Kernel.TakesHolesFromCmrs)
                return;
            TdmrUsage tdmr = explanation.Tdmrs[failure!.TdmrIndex!.Value];
            tdmr.Areas.Should().HaveCount((int)failure.Needed!.Value);
            if (tdmr.HolesToRemove.Count == 0)
                return;
            List<MemoryRegion> memory = [.. host.Regions];
            memory.AddRange(tdmr.HolesToRemove.Select(hole => new MemoryRegion(
                hole, host.Regions.Last(region => region.Range.End <= hole.Start).Node)));
            HostMemory changed = host.With(memory, cmrs: default);
            Constructor(changed, random.Kernel == KernelModel.V5 ? KernelModel.Linux68 : random.Kernel, module)
                .TryConstruct(changed, out _, out TdmrFailure? other);
            (other is { Code: TdmrFailureCode.ReservedAreasExhausted } && other.Range!.Value.Overlaps(tdmr.Range))
                .Should().BeFalse("without {0} {1} fits", tdmr.HolesToRemove, tdmr.Range);
            Interlocked.Increment(ref removed);
        }, Least);
        output.WriteLine($"{removed} verified");
        removed.Should().BeGreaterThan(10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void what_would_make_a_tdmr_fit_does_when_it_is_carried_out(bool tight)
    {
        int removed = 0;
        int excluded = 0;
        TightHosts(tight).Hold(Iterations / 3, sample =>
        {
            (HostMemory host, ModuleParameters module) = sample;
            foreach (TdmrUsage tdmr in LayoutExplanation.Create(host, module: module).Tdmrs)
            {
                if (tdmr.HolesToRemove.Count > 0)
                {
                    Interlocked.Increment(ref removed);
                    IEnumerable<MemoryRegion> memory = tdmr.HolesToRemove.Select(hole => new MemoryRegion(
                        hole, host.Regions.Last(region => region.Range.End <= hole.Start).Node));
                    Fits(host.With(host.Regions.Concat(memory), cmrs: default), module, tdmr);
                }

                if (tdmr.RamToExclude.Count > 0)
                {
                    Interlocked.Increment(ref excluded);
                    Fits(Less(host, tdmr.RamToExclude), module, tdmr);
                }
            }
        }, Least);
        output.WriteLine($"{removed} holes removed, {excluded} times RAM excluded");
        removed.Should().BeGreaterThan(10);
        excluded.Should().BeGreaterThan(10);

        static void Fits(HostMemory changed, ModuleParameters module, TdmrUsage tdmr)
        {
            LayoutExplanation after = LayoutExplanation.Create(changed, module: module);
            (after.Failure?.Code ?? TdmrFailureCode.ReservedAreasExhausted)
                .Should().Be(TdmrFailureCode.ReservedAreasExhausted);
            after.Tdmrs.Where(other => other.Range.Overlaps(tdmr.Range)).Should().NotContain(
                static other => other.Left < 0, "{0}", tdmr);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void holes_that_there_is_room_for_work(bool tight)
    {
        int tried = 0;
        TightHosts(tight).Hold(Iterations / 3, sample =>
        {
            (HostMemory host, ModuleParameters module) = sample;
            LayoutExplanation layout = LayoutExplanation.Create(host, module: module);
            long left = LayoutHeadroom.Create(host, module: module) is { Count: > 0 } rows ? rows[0].Left : 0;
            if (layout.Failure is not null)
                left.Should().BeLessThanOrEqualTo(0);
            if (left <= 0)
                return;
            // At the end of its RAM, a page apart, and as many of them as fit above its PAMTs.
            AddressRange last = AddressRanges.Intersect(host.TdxMemoryRanges, [layout.Tightest!.Range])[^1];
            ulong top = last.End - (last.End % (1 << 30) == 0 ? 0x1000UL : 0);
            IEnumerable<AddressRange> holes = Enumerable.Range(1, (int)left)
                .Select(i => AddressRange.Create(top - ((ulong)i * 0x2000), top - ((ulong)i * 0x2000) + 0x1000))
                .TakeWhile(hole => hole.Start > last.Start + 0x1000
                    && !layout.Tightest.Areas.Any(area => area.Range.Overlaps(hole)));
            new StrategyConstructor(PlanStrategies.None, module: module)
                .TryConstruct(Less(host, new([.. holes.Reverse()])), out _, out TdmrFailure? failure);
            failure.Should().BeNull();
            Interlocked.Increment(ref tried);
        }, Least);
        output.WriteLine($"{tried} tried");
        tried.Should().BeGreaterThan(10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void holes_that_there_is_room_for_work_at_random_places(bool tight)
    {
        int tried = 0;
        TightHosts(tight).Select(Gen.ULong).Hold(Iterations / 3, sample =>
        {
            ((HostMemory host, ModuleParameters module), ulong seed) = sample;
            LayoutExplanation layout = LayoutExplanation.Create(host, module: module);
            long left = LayoutHeadroom.Create(host, module: module) is { Count: > 0 } rows ? rows[0].Left : 0;
            if (left <= 0)
                return;
            AddressRange[] areas = [.. layout.Tightest!.Areas.Select(static area => area.Range)];
            AddressRange[] free = AddressRanges.Subtract(
                AddressRanges.Intersect(host.TdxMemoryRanges, [layout.Tightest.Range]), PlanCheck.Normalize(areas));
            Dice dice = new(new PCG(1, seed));
            SortedSet<ulong> pages = [];
            for (int i = 0; i < left; i++)
            {
                AddressRange room = free[dice.From(0, free.Length - 1)];
                pages.Add((room.Start / 4096) + dice.From(0UL, room.Pages - 1));
            }

            ValueList<AddressRange> holes =
                [.. pages.Select(static page => AddressRange.Create(page * 4096, (page + 1) * 4096))];
            new StrategyConstructor(PlanStrategies.None, module: module)
                .TryConstruct(Less(host, holes), out _, out TdmrFailure? failure);
            failure.Should().BeNull("{0} has room for {1}", layout.Tightest, holes);
            Interlocked.Increment(ref tried);
        }, Least);
        output.WriteLine($"{tried} tried");
        tried.Should().BeGreaterThan(10);
    }

    [Fact]
    public void gib_that_there_is_room_for_work_and_one_more_does_not()
    {
        int compared = 0;
        new RandomHosts(tiny: false).Hold(Iterations / 10, random =>
        {
            HostMemory host = random.ToHostMemory();
            ModuleParameters module = random.ToModuleParameters() with { KeyIdBits = 0 };
            if (!Works(host, random.Kernel, module))
                return;
            long left = LayoutHeadroom.Create(host, random.Kernel, module)[2].Left;
            ulong end = host.TdxMemoryBlocks[^1].Range.End;
            if (left > 0)
                Works(Grown(host, left), random.Kernel, module).Should().BeTrue();
            if ((1UL << 52) - end > (ulong)(left + 1) << 30)
                Works(Grown(host, left + 1), random.Kernel, module).Should().BeFalse();
            Interlocked.Increment(ref compared);
        }, Least);
        output.WriteLine($"{compared} compared");
        compared.Should().BeGreaterThan(10);

        HostMemory Grown(HostMemory host, long giB)
        {
            MemoryRegion last = host.TdxMemoryBlocks[^1];
            AddressRange more = AddressRange.Create(last.Range.End, last.Range.End + ((ulong)giB << 30));
            AddressRange[] cmrs = host.Cmrs.Count == 0 ? [] : PlanCheck.Normalize(host.Cmrs.Append(more));
            return host.With(host.Regions.Append(new(more, last.Node)), new(cmrs));
        }

        bool Works(HostMemory host, KernelModel kernel, ModuleParameters module) =>
            Constructor(host, kernel, module).TryConstruct(host, out _, out _);
    }

    /// <summary>Machines of a few GiB, with limits that many of them break.</summary>
    private static Gen<(HostMemory Host, ModuleParameters Module)> TightHosts(bool tight) =>
        from sample in new SmallHosts(manyTdmrs: false)
        from tdmrs in Gen.Int[1, 8]
        from areas in Gen.Int[1, 6]
        select (sample.Host, tight
            ? sample.Module with { MaxTdmrs = tdmrs, MaxReservedAreas = areas }
            : sample.Module);

    private static HostMemory Less(HostMemory host, ValueList<AddressRange> ranges)
    {
        AddressRange[] kept = AddressRanges.Gaps(ranges.Span);
        return host.With(ReducedHost.Regions(host.Regions, kept), host.Cmrs);
    }

    private static ulong Bytes(IEnumerable<MemoryRegion> regions) =>
        regions.Aggregate(0UL, static (bytes, region) => bytes + region.Range.Size);

    private static TdmrConstructor Constructor(HostMemory host, KernelModel kernel, ModuleParameters module) =>
        new(new LinuxPageAllocator(host, kernel.MovesHugetlb), kernel, module);

    /// <summary>The memory blocks, cut at GiB borders.</summary>
    private static IEnumerable<MemoryRegion> Pieces(HostMemory host)
    {
        foreach (MemoryRegion block in host.TdxMemoryBlocks.ToArray())
        {
            for (ulong start = block.Range.Start; start < block.Range.End;)
            {
                ulong end = Math.Min(block.Range.End, ((start >> 30) + 1) << 30);
                yield return new(AddressRange.Create(start, end), block.Node);
                start = end;
            }
        }
    }
}
