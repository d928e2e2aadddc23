using TdxPamt;

HostMemory host = HostMemory.Create(
[
    new(AddressRange.Create(0x100000, 0x80000000), node: 0),
    new(AddressRange.Create(0x100000000, 0x4080000000), node: 0),
    new(AddressRange.Create(0x4080000000, 0x8080000000), node: 1),
]);
TdmrConstructor constructor = new(new LinuxPageAllocator(host)); // or an allocator of your own
if (!constructor.TryConstruct(host, out TdmrConstruction? construction, out TdmrFailure? failure))
    throw new TdmrConstructionException(failure); // or go on without TDX, as Linux does
foreach (TdmrInfo tdmr in construction.Tdmrs)
    Console.WriteLine($"{tdmr}: PAMTs at {tdmr.PamtChunk}, {tdmr.ReservedAreas.Count} reserved areas");
Console.WriteLine($"{construction.PamtKiB} KB allocated for PAMT");
