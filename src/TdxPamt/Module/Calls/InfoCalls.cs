using System.Buffers.Binary;

namespace TdxPamt.Module;

/// <summary>What the module says about itself: TDH.SYS.INFO, TDH.SYS.RD and TDH.SYS.RDALL (docs/model.md#sys-rd).</summary>
internal sealed class InfoCalls(ModuleContext module)
{
    private const int SmallAlignment = 512;
    private const ulong AllOnes = ulong.MaxValue;

    /// <summary>TDH.SYS.INFO (docs/model.md#sys-info).</summary>
    internal CompletionStatus Info(ref SeamcallRegisters registers, int processor)
    {
        (ulong infoBytes, ulong cmrEntries) = (registers.Rdx, registers.R9);
        (registers.Rdx, registers.R9) = (0, 0);
        if (!module.IsInitialized(processor))
            return new(CompletionCode.SysLpInitNotDone);
        if (!module.Addresses.IsShared(registers.Rcx, TdxModule.SysInfoBytes))
            return ModuleContext.Invalid(SeamcallRegister.Rcx);
        if (infoBytes < TdxModule.SysInfoBytes)
            return ModuleContext.Invalid(SeamcallRegister.Rdx);
        ulong info = module.Addresses.WithoutKeyId(registers.Rcx);
        module.Memory.Clear(info, TdxModule.SysInfoBytes);
        if (!module.Addresses.IsShared(registers.R8, SmallAlignment))
            return ModuleContext.Invalid(SeamcallRegister.R8);
        if (cmrEntries < CmrTable.Entries)
            return ModuleContext.Invalid(SeamcallRegister.R9);
        Span<byte> bytes = stackalloc byte[TdxModule.SysInfoBytes];
        bytes.Clear();
        WriteSysInfo(bytes);
        module.Memory.Write(info, bytes);
        CmrTable.Write(module.Cmrs, bytes);
        module.Memory.Write(module.Addresses.WithoutKeyId(registers.R8), bytes[..CmrTable.Bytes]);
        (registers.Rdx, registers.R9) = (TdxModule.SysInfoBytes, CmrTable.Entries);
        return default;
    }

    /// <summary>TDH.SYS.RD.</summary>
    internal CompletionStatus Rd(ref SeamcallRegisters registers, int processor)
    {
        MetadataFieldId id = new(registers.Rdx);
        (registers.Rdx, registers.R8) = (AllOnes, 0);
        if (!module.IsInitialized(processor))
            return new(CompletionCode.SysLpInitNotDone);
        if (id.IsFirstInContext)
        {
            registers.Rdx = module.Metadata.First;
            return new(CompletionCode.MetadataFirstFieldIdInContext);
        }

        if (!module.Metadata.TryRead(id, out ulong value, out ulong? next))
            return new(CompletionCode.MetadataFieldIdIncorrect);
        (registers.Rdx, registers.R8) = (next ?? AllOnes, value);
        return default;
    }

    /// <summary>TDH.SYS.RDALL (docs/model.md#sys-rdall).</summary>
    internal CompletionStatus RdAll(ref SeamcallRegisters registers, int processor)
    {
        ulong start = registers.R8;
        registers.R8 = AllOnes;
        if (!module.IsInitialized(processor))
            return new(CompletionCode.SysLpInitNotDone);
        if (!module.Addresses.IsShared(registers.Rdx, AddressRange.PageBytes))
            return ModuleContext.Invalid(SeamcallRegister.Rdx);
        if (module.Metadata.WriteList(start) is not { } list)
            return new(CompletionCode.MetadataFieldIdIncorrect);
        module.Memory.Write(module.Addresses.WithoutKeyId(registers.Rdx), list);
        return default;
    }

    private void WriteSysInfo(Span<byte> bytes)
    {
        ModuleParameters parameters = module.Parameters;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], 0x8086);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], module.Options.BuildDate);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[12..], module.Options.BuildNumber);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[14..], (ushort)module.Release.Minor);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[16..], (ushort)module.Release.Major);
        bytes[18] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[32..], (ushort)parameters.MaxTdmrs);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[34..], (ushort)parameters.MaxReservedAreas);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[36..], (ushort)parameters.PamtEntrySizes.Page4K);
    }
}
