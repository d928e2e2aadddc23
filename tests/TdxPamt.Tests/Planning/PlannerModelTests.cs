using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

/// <summary>What the planner leaves out, it need not look at: against a planner that tries everything.</summary>
public class PlannerModelTests
{
    private const int Iterations = 100;
    private const int Least = 8;

    private static readonly PlanStrategies[] Combinations =
    [
        .. Enumerable.Range(0, 1 << (PlanStrategyNames.Each.Count - 1)).Select(static bits => (PlanStrategies)bits)
            .OrderBy(static strategies => strategies.Changes()),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void the_plan_is_the_best_that_any_combination_gives(bool manyTdmrs) =>
        new SmallHosts(manyTdmrs).Hold(Iterations, static sample =>
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
            }

            bool found = planner.TryPlan(sample.Host, out MemoryPlan? planned, out _);
            if (best is not null)
                planned.Should().Be(best);
            else if (found)
                planned!.Strategies.Should().HaveFlag(PlanStrategies.ExcludeRam);
        }, Least);
}
