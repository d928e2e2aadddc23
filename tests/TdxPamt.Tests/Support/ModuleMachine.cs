using System.Buffers.Binary;
using TdxPamt.Module;

namespace TdxPamt.Tests.Support;

/// <summary>A machine with a module, called by registers as a host does.</summary>
internal sealed class ModuleMachine
{
    /// <summary>Where the host puts its TDMR_INFOs, one after another, and behind them their addresses.</summary>
    internal const ulong InfosAt = 0x10000;
    internal const ulong ArrayAt = 0x40000;

    internal ModuleMachine(
        TdxModuleOptions? options = null, CmrInfo[]? cmrs = null, IPhysicalMemory? memory = null, bool dynamic = false)
    {
        IsDynamic = dynamic;
        Module = new TdxModule(cmrs ?? SampleTdmrs.Cmrs, options, memory);
        Call(33).Rax.Should().Be(0);
        for (int processor = 0; processor < Module.Options.PackageOfProcessor.Count; processor++)
            Call(35, processor: processor).Rax.Should().Be(0);
    }

    internal TdxModule Module { get; }

    private bool IsDynamic { get; }

    /// <summary>A machine whose module is configured with TDMRs and keyed.</summary>
    internal static ModuleMachine Ready(TdmrInfoEntry[] tdmrs, bool dynamic = false, IPhysicalMemory? memory = null)
    {
        ModuleMachine machine = new(memory: memory, dynamic: dynamic);
        machine.Configure(tdmrs).Should().Be(CompletionStatus.Success);
        machine.Call(31).Rax.Should().Be(0);
        return machine;
    }

    internal SeamcallRegisters Call(
        ulong leaf, ulong rcx = 0, ulong rdx = 0, ulong r8 = 0, ulong r9 = 0, int processor = 0)
    {
        SeamcallRegisters registers = new() { Rax = leaf, Rcx = rcx, Rdx = rdx, R8 = r8, R9 = r9 };
        CompletionStatus status = Module.Call(ref registers, processor);
        registers.Rax.Should().Be(status.Value);
        return registers;
    }

    internal CompletionStatus Configure(ReadOnlySpan<TdmrInfoEntry> tdmrs)
    {
        Put(tdmrs);
        ulong dynamic = IsDynamic ? 1UL << 16 : 0;
        return new(Call(45, ArrayAt, (ulong)tdmrs.Length, 32 | dynamic).Rax);
    }

    internal void Put(ReadOnlySpan<TdmrInfoEntry> tdmrs)
    {
        byte[] bytes = new byte[tdmrs.Length * TdmrInfoEntry.Stride];
        TdmrInfoTable.Write(tdmrs, bytes);
        Module.Memory.Write(InfosAt, bytes);
        for (int i = 0; i < tdmrs.Length; i++)
            PutAddress(i, InfosAt + ((ulong)i * TdmrInfoEntry.Stride));
    }

    internal void PutAddress(int i, ulong address)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, address);
        Module.Memory.Write(ArrayAt + (8 * (ulong)i), bytes);
    }

    /// <summary>Initialises whole TDMRs, and counts the calls.</summary>
    internal int Initialize(params TdmrInfoEntry[] tdmrs)
    {
        int calls = 0;
        foreach (TdmrInfoEntry tdmr in tdmrs)
        {
            SeamcallRegisters registers;
            do
            {
                registers = new() { Rax = 36, Rcx = tdmr.Base };
                if (!Module.Call(ref registers).IsSuccess)
                    throw new InvalidOperationException($"TDMR.INIT of {tdmr} ended with {registers}");
                calls++;
            }
            while (registers.Rdx < tdmr.Base + tdmr.Size);
        }

        return calls;
    }

    /// <summary>Makes a page a TDR, in a region that gets a pair where PAMT is dynamic.</summary>
    internal void AddTdr(ulong tdr, ulong pair)
    {
        if (IsDynamic)
            Call(58, (tdr & ~((2 * SampleTdmrs.MiB) - 1)) | 1, pair, pair + SampleTdmrs.Page).Rax.Should().Be(0);
        Module.TakePage(tdr, PageSize.Page4K, PamtPageType.Tdr, 0).Should().Be(CompletionStatus.Success);
    }

    /// <summary>Takes a page in RCX, again while another thread holds an entry.</summary>
    internal CompletionStatus Take(ulong address, PageSize size, ulong tdr, PamtPageType type = PamtPageType.Regular)
    {
        CompletionStatus status;
        do
            status = Module.TakePage(address, size, type, tdr, operand: 1);
        while (status.Code == CompletionCode.OperandBusy);
        return status;
    }

    /// <summary>TDH.PHYMEM.PAGE.RECLAIM, again while another thread holds an entry.</summary>
    internal CompletionStatus Reclaim(ulong address)
    {
        CompletionStatus status;
        do
            status = new(Call(28, address).Rax);
        while (status.Code == CompletionCode.OperandBusy);
        return status;
    }

    internal byte[] Read(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        Module.Memory.Read(address, bytes);
        return bytes;
    }

    internal PamtPage Page(ulong address)
    {
        Module.TryGetPage(address, out PamtPage page).Should().BeTrue();
        return page;
    }
}
