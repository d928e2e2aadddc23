using TdxPamt;
using TdxPamt.Hosts;
using TdxPamt.Planning;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: FailingMachine FILE, a boot log, /proc/iomem or a host document");
    return 2;
}

HostMemory host;
try
{
    host = HostReader.ReadFile(args[0]).Memory;
}
catch (Exception error) when (error is HostFormatException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

// Every kernel and every strategy alone, in one sentence.
Console.WriteLine(PlanComparison.Create(host).Sentence);

// Why it fails: the holes without which the TDMRs that need too many areas would fit.
foreach (TdmrUsage tdmr in LayoutExplanation.Create(host).Tdmrs.Where(static tdmr => tdmr.Left < 0))
    Console.WriteLine($"without {tdmr.HolesToRemove} it would fit");

// The best plan, whatever strategies it takes.
if (new MemoryPlanner().TryPlan(host, out MemoryPlan? plan, out TdmrFailure? failure))
    Console.WriteLine($"{plan.Strategies.Name()}: {plan.PamtKiB} KiB, {plan.ExcludedBytes} bytes of RAM excluded");
else
    Console.WriteLine(failure.Message);
return failure is null ? 0 : 1;
