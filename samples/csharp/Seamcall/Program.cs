using Samples;
using TdxPamt;
using TdxPamt.Module;

// The machine: RAM, all of it convertible, four processors in two packages, and a module that was just loaded.
AddressRange ram = AddressRange.Create(0x100000, 0x100000000);
HostMemory host = HostMemory.Create([new(ram, node: 0)], cmrs: [ram]);
TdxModuleOptions options = new() { Release = TdxModuleRelease.V1525, PackageOfProcessor = [0, 0, 1, 1] };
IPhysicalMemory memory = new SparsePhysicalMemory(); // or your own
TdxModule module = TdxModule.FromHost(host, options, memory);
Simulator simulator = new(module);

// The host in it: TDMRs with their PAMTs, which it keeps for as long as the module runs.
TdmrConstructor constructor = new(new LinuxPageAllocator(host));
if (!constructor.TryConstruct(host, out TdmrConstruction? construction, out TdmrFailure? failure))
    throw new TdmrConstructionException(failure);

// What Linux 7.3 calls from here on, on each processor, until the module is ready for TDs.
LinuxTdxStartResult start = LinuxTdxStart.Run(
    simulator.Seamcall, memory, construction.Tdmrs.Span, new() { PackageOfProcessor = options.PackageOfProcessor });
foreach (string line in start.Log)
    Console.WriteLine($"virt/tdx: {line}");
if (!start.IsReady)
    throw new InvalidOperationException(start.ToString());

// A TD: the host makes a page its root (TDR). Then pages can be taken for it; one of a PAMT cannot.
const ulong Tdr = 0x200000;
const int KeyId = 33; // the second private one: the module has the first
SeamcallRegisters registers = new() { Rax = (ulong)SeamcallLeaf.MngCreate, Rcx = Tdr, Rdx = KeyId };
if (!simulator.Seamcall(ref registers, processor: 0))
    throw new InvalidOperationException("no TDX module is loaded");
Console.WriteLine($"TDH.MNG.CREATE: {new CompletionStatus(registers.Rax)}");
foreach (ulong page in new[] { Tdr + 0x1000, construction.Tdmrs[0].PamtChunk.Start })
{
    CompletionStatus status = module.TakePage(page, PageSize.Page4K, PamtPageType.Regular, Tdr);
    module.TryGetPage(page, out PamtPage now);
    Console.WriteLine($"page 0x{page:x}: {status}, now {now.Type}");
}
