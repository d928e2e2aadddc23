using TdxPamt.Planning;

namespace TdxPamt.Tests.Readme;

/// <summary>What the README shows of planning, line by line.</summary>
internal static class PlanningSample
{
    internal static void Run(TextWriter Console, HostMemory host)
    {
        PlanComparison comparison = PlanComparison.Create(host);
        Console.WriteLine(comparison.Sentence);
        foreach (TdmrUsage tdmr in LayoutExplanation.Create(host).Tdmrs.Where(static tdmr => tdmr.Left < 0))
            Console.WriteLine($"without {tdmr.HolesToRemove} it would fit");
        if (new MemoryPlanner().TryPlan(host, out MemoryPlan? plan, out TdmrFailure? failure))
            Console.WriteLine($"{plan.Strategies.Name()}: {plan.PamtKiB} KiB, {plan.ExcludedBytes} bytes of RAM excluded");
        else
            Console.WriteLine(failure.Message);
    }
}
