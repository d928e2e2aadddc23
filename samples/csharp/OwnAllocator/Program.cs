using Samples;
using TdxPamt;
using TdxPamt.Hosts;

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: OwnAllocator FILE, a boot log, /proc/iomem or a host document");
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

LowestPagesAllocator allocator = new(machine.Memory);
TdmrConstructor ownPages = new(allocator, machine.Kernel, machine.Module);
if (ownPages.TryConstruct(machine.Memory, out TdmrConstruction? built, out TdmrFailure? reason))
{
    foreach (TdmrInfo tdmr in built.Tdmrs)
        Console.WriteLine($"{tdmr}: PAMTs at {tdmr.PamtChunk}, {tdmr.ReservedAreas.Count} reserved areas");
    Console.WriteLine($"{built.PamtKiB} KB allocated for PAMT, {allocator.PagesInUse} pages in use");

    // PAMTs are in use for as long as the TDX module runs. A simulator frees them when it shuts the machine down:
    built.Free();
    Console.WriteLine($"{allocator.PagesInUse} pages in use");
}
else
{
    Console.Error.WriteLine($"initialization failed: {reason.Message} ({reason.Errno})");
    Environment.ExitCode = 1;
}

return Environment.ExitCode;
