using Samples;
using TdxPamt;
using TdxPamt.Module;

// The machine: RAM, all of it convertible, and a module that knows the firmware's CMRs.
AddressRange ram = AddressRange.Create(0x100000, 0x100000000);
HostMemory host = HostMemory.Create([new(ram, node: 0)], cmrs: [ram]);
IPhysicalMemory memory = new SparsePhysicalMemory(); // or your own
Simulator machine = new(TdxModule.FromHost(host, memory: memory));

// The host in it: TDMRs with their PAMTs, which it keeps for as long as the module runs.
TdmrConstructor constructor = new(new LinuxPageAllocator(host));
if (!constructor.TryConstruct(host, out TdmrConstruction? construction, out TdmrFailure? failure))
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}

CompletionStatus status = Guest.Start(machine, construction.Tdmrs.Span);
Console.WriteLine($"module {machine.Module.State}: {status}");
if (status != CompletionStatus.Success)
{
    construction.Free();
    return 1;
}

// What the module now says of a page, and of a page of its own PAMTs.
foreach (ulong address in new[] { ram.Start, construction.Tdmrs[0].PamtChunk.Start })
{
    if (machine.Module.TryGetPage(address, out PamtPage page))
        Console.WriteLine($"page 0x{address:x}: {page.Type}");
}

return 0;
