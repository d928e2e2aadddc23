using System.Collections.Concurrent;
using CsCheck;
using TdxPamt.Allocation;
using TdxPamt.Memory;
using TdxPamt.Planning;
using TdxPamt.Tdmr;
using TdxPamt.Tests.Planning;
using Xunit.Abstractions;

namespace TdxPamt.Tests.Properties;

public class PlanningProperties(ITestOutputHelper output)
{
    private const int Iterations = 1500;

    [Fact]
    public void without_strategies_the_plan_is_the_kernels() =>
        new RandomHosts(tiny: false).Hold(Iterations, static random =>
        {
            HostMemory host = random.ToHostMemory();
            ModuleParameters module = random.ToModuleParameters();
            bool constructed = new TdmrConstructor(new LinuxPageAllocator(host), random.Kernel, module)
                .TryConstruct(host, out TdmrConstruction? construction, out TdmrFailure? failure);
            new StrategyConstructor(PlanStrategies.Kernel, random.Kernel, module)
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
        });
        foreach (PlanStrategies each in PlanStrategyNames.Each)
            output.WriteLine($"{each.Name()}: {plans[each]}");
        plans.Should().HaveCount(8).And.OnlyContain(static pair => pair.Value > Iterations / 10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void the_planners_plan_is_accepted_and_never_worse_than_a_kernels(bool tiny)
    {
        ConcurrentDictionary<string, int> best = new(StringComparer.Ordinal);
        new RandomHosts(tiny).Hold(Iterations, random =>
        {
            HostMemory host = random.ToHostMemory();
            ModuleParameters module = random.ToModuleParameters();
            MemoryPlanner planner = new(module);
            bool found = planner.TryPlan(host, out MemoryPlan? plan, out TdmrFailure? failure);
            best.AddOrUpdate(plan?.Strategies.Name() ?? failure!.Code.ToString(), 1, static (_, count) => count + 1);
            if (found)
            {
                plan!.IsAccepted.Should().BeTrue();
                PlanCheck.Check(host, planner.Module, plan);
            }

            foreach (KernelModel kernel in KernelModel.All)
            {
                new StrategyConstructor(PlanStrategies.Kernel, kernel, planner.Module)
                    .TryConstruct(host, out MemoryPlan? own, out _);
                if (own is { IsAccepted: true })
                {
                    plan!.GivenUpBytes.Should().Be(0);
                    plan.PamtPages.Should().BeLessThanOrEqualTo(own.PamtPages);
                    if (kernel == KernelModel.Mainline)
                        plan.Strategies.Should().Be(PlanStrategies.Kernel);
                }
            }
        });
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
            plan.IsAccepted.Should().BeTrue();
            string what = best is not { } least ? "only the planner finds a plan"
                : plan.PamtPages < least.Pages ? "the planner needs fewer pages"
                : plan.Changes < least.Changes ? "the planner needs fewer changes"
                : "both plans cost the same";
            seen.AddOrUpdate(what + (plan.GivenUpBytes > 0 ? ", with RAM given up" : ""), 1, static (_, n) => n + 1);
            if (best is { } cost)
            {
                plan.GivenUpBytes.Should().Be(0);
                (plan.PamtPages, plan.Changes).CompareTo(cost).Should().BeLessThanOrEqualTo(
                    0, "{0} is a plan, but the planner has {1} for {2}", cost, plan, sample.Host.Blocks);
            }
        });
        foreach ((string what, int count) in seen)
            output.WriteLine($"{what}: {count}");
        seen["both plans cost the same"].Should().BeGreaterThan(Iterations / 10);
    }
}
