namespace TdxPamt.Tests.Readme;

/// <summary>What the documentation shows of constructing TDMRs.</summary>
internal static class ConstructionSample
{
    internal static void Run(TextWriter Console, HostMemory host)
    {
        TdmrConstructor constructor = new(new LinuxPageAllocator(host), KernelModel.Mainline);
        if (constructor.TryConstruct(host, out TdmrConstruction? construction, out TdmrFailure? failure))
        {
            foreach (TdmrInfo tdmr in construction.Tdmrs)
                Console.WriteLine($"{tdmr}: PAMTs at {tdmr.PamtChunk}, reserved: {tdmr.ReservedAreas}");
            Console.WriteLine($"{construction.PamtKiB} KB allocated for PAMT");
        }
        else
        {
            Console.WriteLine($"{failure.Errno}: {failure.Message}");
        }
    }
}
