namespace TdxPamt.Module;

/// <summary>What the module says about itself: TDH.SYS.INFO, TDH.SYS.RD and
/// TDH.SYS.RDALL (docs/model.md#sys-rd).</summary>
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
        if (!module.Addresses.IsShared(registers.Rcx, TdSysInfo.Bytes))
            return ModuleContext.Invalid(SeamcallRegister.Rcx);
        if (infoBytes < TdSysInfo.Bytes)
            return ModuleContext.Invalid(SeamcallRegister.Rdx);
        ulong info = module.Addresses.WithoutKeyId(registers.Rcx);
        module.Memory.Clear(info, TdSysInfo.Bytes);
        if (!module.Addresses.IsShared(registers.R8, SmallAlignment))
            return ModuleContext.Invalid(SeamcallRegister.R8);
        if (cmrEntries < CmrTable.Entries)
            return ModuleContext.Invalid(SeamcallRegister.R9);
        Span<byte> bytes = stackalloc byte[TdSysInfo.Bytes];
        SysInfo.Write(bytes);
        module.Memory.Write(info, bytes);
        CmrTable.Write(module.Cmrs, bytes);
        module.Memory.Write(module.Addresses.WithoutKeyId(registers.R8), bytes[..CmrTable.Bytes]);
        (registers.Rdx, registers.R9) = (TdSysInfo.Bytes, CmrTable.Entries);
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

    private TdSysInfo SysInfo => new()
    {
        VendorId = TdSysInfo.Intel,
        BuildDate = module.Options.BuildDate,
        BuildNumber = module.Options.BuildNumber,
        MinorVersion = (ushort)module.Release.Minor,
        MajorVersion = (ushort)module.Release.Major,
        SysRd = 1,
        MaxTdmrs = (ushort)module.Parameters.MaxTdmrs,
        MaxReservedPerTdmr = (ushort)module.Parameters.MaxReservedAreas,
        PamtEntrySize = (ushort)module.Parameters.PamtEntrySizes.Page4K,
    };
}
