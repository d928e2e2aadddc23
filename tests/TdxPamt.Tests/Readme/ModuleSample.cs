using TdxPamt.Module;

namespace TdxPamt.Tests.Readme;

/// <summary>The example in the documentation of <see cref="TdxModule"/>, line by line.</summary>
internal static class ModuleSample
{
    internal static void Run(HostMemory host, TdmrConstruction construction, StringWriter Console)
    {
        TdxModule module = TdxModule.FromHost(host);
        LinuxTdxStartResult start = LinuxTdxStart.Run(module, construction.Tdmrs.Span, LinuxTdxStartKernel.V7_3);
        Console.WriteLine(start); // TDX-Module initialized
        SeamcallRegisters registers = new() { Rax = (ulong)SeamcallLeaf.SysRd, Rdx = 0x9100000100000008 };
        CompletionStatus status = module.Call(ref registers);
        Console.WriteLine($"{status}, MAX_TDMRS {registers.R8}"); // TDX_SUCCESS 0x0, MAX_TDMRS 64
    }
}
