using TdxPamt.Module;

namespace TdxPamt.Tests.Readme;

/// <summary>What the README shows of a simulator that puts the module behind its SEAMCALLs, line by line.</summary>
internal static class SeamcallSample
{
    internal static (Machine Simulator, CompletionStatus Status) Run(TdmrConstruction construction, HostMemory host)
    {
        // The simulator: a module that knows the firmware's CMRs, over memory of its own or your IPhysicalMemory.
        Machine machine = new(TdxModule.FromHost(host));

        // The guest: TDMR_INFOs at any free address, then SYS.CONFIG with the first private key id. From here on the
        // PAMTs are the module's, so the construction must not be disposed before the machine is done.
        const ulong Infos = 0x8000;
        ulong tdmrs = (ulong)construction.Tdmrs.Count;
        machine.Module.Memory.WriteTdmrInfos(Infos, construction.Tdmrs.Span);
        CompletionStatus status = machine.Seamcall(SeamcallLeaf.SysConfig, rcx: Infos, rdx: tdmrs, r8: 32);
        machine.Seamcall(SeamcallLeaf.SysKeyConfig);
        foreach (TdmrInfo tdmr in construction.Tdmrs)
        {
            while (machine.Registers.Rdx != tdmr.Range.End)
                machine.Seamcall(SeamcallLeaf.SysTdmrInit, rcx: tdmr.Base);
        }

        return (machine, status);
    }

    // What the simulator does on the SEAMCALL instruction: registers in, registers and status out.
    internal sealed class Machine(TdxModule module)
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
}
