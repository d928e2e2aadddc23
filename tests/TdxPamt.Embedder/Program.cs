using TdxPamt;
using TdxPamt.Embedder;
using TdxPamt.Hosts;
using TdxPamt.Module;
using TdxPamt.Simulation;

using FileStream log = File.OpenRead(args[0]);
HostDescription host = HostReader.Read(log, "machine");
TopDownAllocator allocator = new(host.Memory);
LastNodeLookup nodes = new();
PrintingLogger logger = new();

// The plan, on the simulator's own allocator.
TdmrConstructor constructor = new(allocator, nodeLookup: nodes, logger: logger);
using (TdmrConstruction construction = constructor.Construct(host.Memory))
{
    foreach (TdmrInfo tdmr in construction.Tdmrs)
        Console.WriteLine($"{tdmr.Range} node {tdmr.Node}: PAMTs {tdmr.PamtChunk}, {tdmr.ReservedAreas.Count} areas");

    // The module, on the simulator's own memory. It lives in this block, and its PAMTs are freed at the end of it.
    PagedMemory memory = new();
    TdxModule module = TdxModule.FromHost(host.Memory, memory: memory);
    const ulong Infos = 0x8000;
    ulong tdmrs = (ulong)construction.Tdmrs.Count;
    memory.WriteTdmrInfos(Infos, construction.Tdmrs.Span);
    Call(SeamcallLeaf.SysInit);
    Call(SeamcallLeaf.SysLpInit);
    Console.WriteLine($"SYS.CONFIG {Call(SeamcallLeaf.SysConfig, rcx: Infos, rdx: tdmrs, r8: 32).Rax:x}");
    Console.WriteLine($"SYS.KEY.CONFIG {Call(SeamcallLeaf.SysKeyConfig).Rax:x}");
    foreach (TdmrInfo tdmr in construction.Tdmrs)
    {
        ulong initialized = 0;
        while (initialized != tdmr.Range.End)
            initialized = Call(SeamcallLeaf.SysTdmrInit, tdmr.Base).Rdx;
    }

    ulong page = construction.Tdmrs[1].Base;
    bool known = module.TryGetPage(page, out PamtPage state);
    Console.WriteLine($"module {module.State}, page 0x{page:x} {(known ? state.Type : null)}");

    SeamcallRegisters Call(SeamcallLeaf leaf, ulong rcx = 0, ulong rdx = 0, ulong r8 = 0)
    {
        SeamcallRegisters registers = new() { Rax = (ulong)leaf, Rcx = rcx, Rdx = rdx, R8 = r8 };
        module.Call(ref registers);
        return registers;
    }
}

Console.WriteLine($"{allocator.PagesInUse} pages in use");

// And how likely Linux still finds room once memory is in use.
SimulationResult result = PamtSimulation.Create(host.Memory, AllocatorPolicy.Linux, nodeLookup: nodes)
    .Run(Fragmentation.Uniform(0.02), new SimulationOptions { Trials = 200, Seed = 7 });
Console.WriteLine($"{result.Success.Successes} of {result.Trials} trials");
