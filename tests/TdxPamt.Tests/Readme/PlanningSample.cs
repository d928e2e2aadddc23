using TdxPamt.Memory;
using TdxPamt.Planning;
using TdxPamt.Tdmr;

namespace TdxPamt.Tests.Readme;

/// <summary>What the README shows of planning, line by line.</summary>
internal static class PlanningSample
{
    internal static void Run(TextWriter Console, HostMemory host)
    {
        PlanComparison comparison = PlanComparison.Of(host);
        Console.WriteLine(comparison.Sentence);
        foreach (TdmrUsage tdmr in LayoutExplanation.Of(host).Tdmrs.Where(static tdmr => tdmr.Left < 0))
            Console.WriteLine($"without {tdmr.HolesToRemove} it would fit");
        if (new MemoryPlanner().TryPlan(host, out MemoryPlan? plan, out TdmrFailure? failure))
            Console.WriteLine($"{plan.Strategies.Name()}: {plan.PamtKiB} KiB, {plan.GivenUpBytes} bytes of RAM lost");
        else
            Console.WriteLine(failure.Message);
    }
}
