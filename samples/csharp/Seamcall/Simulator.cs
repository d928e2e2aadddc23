using TdxPamt.Module;

namespace Samples;

/// <summary>What a simulator does on the SEAMCALL instruction: registers in, registers and status out.</summary>
internal sealed class Simulator(TdxModule module)
{
    public TdxModule Module => module;

    public SeamcallRegisters Registers { get; private set; }

    public CompletionStatus Seamcall(SeamcallLeaf leaf, ulong rcx = 0, ulong rdx = 0, ulong r8 = 0)
    {
        SeamcallRegisters registers = Registers with { Rax = (ulong)leaf, Rcx = rcx, Rdx = rdx, R8 = r8 };
        CompletionStatus status = module.Call(ref registers);
        Registers = registers;
        return status;
    }
}
