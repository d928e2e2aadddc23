using TdxPamt.Module;

namespace TdxPamt.Tests.Readme;

/// <summary>The example in the documentation of <see cref="TdxModule"/>, line by line.</summary>
internal static class ModuleSample
{
    internal static void Run(HostMemory host, TdmrConstruction construction, StringWriter Console)
    {
        TdxModule module = TdxModule.FromHost(host);
        module.Memory.WriteTdmrInfos(0x8000, construction.Tdmrs.Span); // at any free address
        SeamcallRegisters registers = new() { Rax = (ulong)SeamcallLeaf.SysInit };
        module.Call(ref registers);
        registers = new() { Rax = (ulong)SeamcallLeaf.SysLpInit }; // on each processor
        module.Call(ref registers);
        registers = new()
        {
            Rax = (ulong)SeamcallLeaf.SysConfig,
            Rcx = 0x8000,
            Rdx = (ulong)construction.Tdmrs.Count,
            R8 = 32, // the first private key id
        };
        CompletionStatus status = module.Call(ref registers);
        Console.WriteLine(status); // TDX_SUCCESS 0x0
    }
}
