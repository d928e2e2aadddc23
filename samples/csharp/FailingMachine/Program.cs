using TdxPamt;
using TdxPamt.Hosts;
using TdxPamt.Planning;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: FailingMachine FILE, a boot log, /proc/iomem or a host document");
    return 2;
}

HostDescription machine;
try
{
    machine = HostReader.ReadFile(args[0]);
}
catch (Exception error) when (error is HostFormatException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

// Every kernel and every strategy alone, in one sentence.
Console.WriteLine(HostComparison.Create(machine).Plans.Sentence);

// Why it fails: the holes without which the TDMRs that need too many areas would fit.
foreach (TdmrUsage tdmr in LayoutExplanation.Create(machine.Memory).Tdmrs.Where(static tdmr => tdmr.Left < 0))
    Console.WriteLine($"without {tdmr.HolesToRemove} it would fit");

// The best plan, whatever strategies it takes.
if (new MemoryPlanner().TryPlan(machine.Memory, out MemoryPlan? best, out TdmrFailure? problem))
    Console.WriteLine($"{best.Strategies.Name()}: {best.PamtKiB} KiB, {best.ExcludedBytes} bytes of RAM excluded");
else
    Console.WriteLine(problem.Message);
return problem is null ? 0 : 1;
