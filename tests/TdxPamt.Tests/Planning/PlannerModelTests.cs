using CsCheck;
using TdxPamt.Hosts;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

/// <summary>What the planner leaves out, it need not look at: against a planner that tries everything.</summary>
public class PlannerModelTests
{
    private const int Iterations = 100;
    private const int Least = 8;

    private static readonly PlanStrategies[] Combinations =
    [
        .. Enumerable.Range(0, 1 << PlanStrategyNames.Each.Count).Select(static bits => (PlanStrategies)bits)
            .OrderBy(static strategies => strategies.Changes()),
    ];

    /// <summary>Machines with so many holes and TDMRs that most of them lose RAM.</summary>
    private static readonly Gen<(HostMemory Host, ModuleParameters Module)> TightHosts =
        from manyTdmrs in Gen.Bool
        from sample in new SmallHosts(manyTdmrs)
        from tdmrs in Gen.Int[1, 4]
        from areas in Gen.Int[1, 5]
        select (sample.Host, sample.Module with { MaxTdmrs = tdmrs, MaxReservedAreas = areas });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void the_plan_is_the_best_that_any_combination_gives(bool manyTdmrs) =>
        new SmallHosts(manyTdmrs).Hold(Iterations, Check, Least);

    [Fact]
    public void with_the_tightest_limits_the_plan_is_the_best_that_any_combination_gives() =>
        TightHosts.Hold(Iterations, Check, Least);

    [Theory]
    [InlineData("lost-ram-by-node-pamts", "holes-from-cmrs+split-tdmrs+node-pamts+exclude-ram", 0x13b39a000)]
    [InlineData("less-ram-by-cmrs", "holes-from-cmrs+merge-areas+split-tdmrs+exclude-ram", 0x80818000)]
    [InlineData("less-ram-by-chunks", "holes-from-cmrs+three-chunks+adjacent-pamts+exclude-ram", 0x6000)]
    [InlineData("two-ranges", "split-tdmrs+node-pamts+exclude-ram", 0x100000000)]
    [InlineData("split-leads-to-joins", "merge-areas+split-tdmrs+join-tdmrs+adjacent-pamts", 0)]
    [InlineData("cmrs-and-joins", "holes-from-cmrs+merge-areas+split-tdmrs+join-tdmrs+adjacent-pamts", 0)]
    [InlineData("excluded-for-pamts-alone", "three-chunks+adjacent-pamts+exclude-ram", 0)]
    public void a_combination_that_is_seldom_the_best_is_found(string name, string strategies, ulong excluded)
    {
        HostDescription description = SeldomHosts.Read(name);
        MemoryPlan plan = new MemoryPlanner(description.Module).Plan(description.Memory);
        (plan.Strategies.Name(), plan.ExcludedBytes).Should().Be((strategies, excluded));
        Check((description.Memory, description.Module));
    }

    private static void Check((HostMemory Host, ModuleParameters Module) sample)
    {
        MemoryPlanner planner = new(sample.Module);
        MemoryPlan? best = null;
        foreach (PlanStrategies strategies in Combinations)
        {
            if (new StrategyConstructor(strategies, KernelModel.Mainline, planner.Module)
                    .TryConstruct(sample.Host, out MemoryPlan? plan, out _)
                && plan.IsAcceptable && PlanOrder.Instance.Compare(plan, best) < 0)
            {
                best = plan;
            }

            if (best is { Strategies: PlanStrategies.None })
                break;
        }

        planner.TryPlan(sample.Host, out MemoryPlan? planned, out _);
        PlanOrder.Instance.Compare(planned, best).Should().Be(0, "{0} is better than {1}", best, planned);
    }
}
