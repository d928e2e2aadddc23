using TdxPamt.Module;

namespace Samples;

/// <summary>What a simulator does on the SEAMCALL instruction: a processor's registers in, and out again.</summary>
internal sealed class Simulator(TdxModule module)
{
    /// <summary>Executes the instruction.</summary>
    /// <returns>False where it ends with VMfailInvalid, because no module is loaded.</returns>
    public bool Seamcall(ref SeamcallRegisters registers, int processor)
    {
        module.Call(ref registers, processor); // the completion status is in RAX now
        return true;
    }
}
