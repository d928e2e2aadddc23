using TdxPamt.Module;

namespace TdxPamt.Tests.Readme;

/// <summary>What the README shows of a simulator that puts the module behind its SEAMCALLs, line by line.</summary>
internal static class SeamcallSample
{
    internal static (Machine Simulator, CompletionStatus Status) Run(TdmrConstruction construction, HostMemory host)
    {
        // The simulator: its physical memory, and a module that knows the firmware's CMRs.
        SparsePhysicalMemory memory = new(); // or your own IPhysicalMemory
        CmrInfo[] cmrs = [.. host.Cmrs.Select(CmrInfo.FromRange)];
        Machine machine = new(new TdxModule(cmrs, memory: memory));

        // The guest: TDMR_INFOs and the array of their addresses, then SYS.CONFIG with the first private key id.
        byte[] infos = new byte[construction.Tdmrs.Count * TdmrInfoEntry.Stride];
        TdmrInfoTable.Write(construction.Tdmrs.Span, infos);
        memory.Write(0x10000, infos);
        for (int i = 0; i < construction.Tdmrs.Count; i++)
            memory.Write(0x8000 + (8 * (ulong)i), BitConverter.GetBytes(0x10000 + (512 * (ulong)i)));
        CompletionStatus status = machine.Seamcall(SeamcallLeaf.SysConfig, 0x8000, (ulong)construction.Tdmrs.Count, 32);
        machine.Seamcall(SeamcallLeaf.SysKeyConfig);
        foreach (TdmrInfo tdmr in construction.Tdmrs)
        {
            while (machine.Registers.Rdx != tdmr.Range.End)
                machine.Seamcall(SeamcallLeaf.SysTdmrInit, tdmr.Base);
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
