using Microsoft.Extensions.Logging;

namespace TdxPamt.Tests.Readme;

/// <summary>What the README shows of embedding, line by line.</summary>
internal static class EmbeddingSample
{
    internal static void Run(TextWriter Console, ILogger logger)
    {
        HostMemory host = HostMemory.Create(
        [
            new(AddressRange.Create(0x100000, 0x80000000), node: 0),
            new(AddressRange.Create(0x100000000, 0x4080000000), node: 0),
            new(AddressRange.Create(0x4080000000, 0x8080000000), node: 1),
        ]);
        IContiguousPageAllocator allocator = new LinuxPageAllocator(host); // or your own
        TdmrConstructor constructor = new(allocator, KernelModel.Mainline, logger: logger);
        using TdmrConstruction construction = constructor.Construct(host);
        foreach (TdmrInfo tdmr in construction.Tdmrs)
            Console.WriteLine($"{tdmr}: PAMTs at {tdmr.PamtChunk}, {tdmr.ReservedAreas.Count} reserved areas");
        Console.WriteLine($"{construction.PamtKiB} KB allocated for PAMT");
    }
}
