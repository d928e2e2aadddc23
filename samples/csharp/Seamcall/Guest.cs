using TdxPamt;
using TdxPamt.Module;

namespace Samples;

/// <summary>The host kernel in the simulated machine, which configures the module through SEAMCALLs.</summary>
internal static class Guest
{
    private const ulong Infos = 0x8000; // memory of the host's own, for the TDMR_INFOs and the array of their addresses
    private const ulong GlobalKeyId = 32; // the first private KeyID
    private const ulong InitStep = 4 << 20; // what one SYS.TDMR.INIT initialises at least

    /// <summary>Configures the module, its key and all TDMRs. Ends at the first call that does not succeed.</summary>
    public static CompletionStatus Start(Simulator machine, ReadOnlySpan<TdmrInfo> tdmrs)
    {
        machine.Module.Memory.WriteTdmrInfos(Infos, tdmrs);
        CompletionStatus status = machine.Seamcall(SeamcallLeaf.SysInit);
        if (status == CompletionStatus.Success)
            status = machine.Seamcall(SeamcallLeaf.SysLpInit); // one processor
        if (status == CompletionStatus.Success)
            status = machine.Seamcall(SeamcallLeaf.SysConfig, Infos, (ulong)tdmrs.Length, GlobalKeyId);
        if (status == CompletionStatus.Success)
            status = machine.Seamcall(SeamcallLeaf.SysKeyConfig); // one package
        for (int i = 0; i < tdmrs.Length && status == CompletionStatus.Success; i++)
            status = Initialize(machine, tdmrs[i].Range);
        return status;
    }

    private static CompletionStatus Initialize(Simulator machine, AddressRange tdmr)
    {
        CompletionStatus status = CompletionStatus.Success;
        for (ulong done = 0; done < tdmr.Size && status == CompletionStatus.Success; done += InitStep)
        {
            status = machine.Seamcall(SeamcallLeaf.SysTdmrInit, tdmr.Start);
            if (machine.Registers.Rdx == tdmr.End)
                break;
        }

        return status;
    }
}
