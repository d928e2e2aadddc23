using System.Buffers.Binary;

namespace TdxPamt.Module;

/// <summary>From power-on to ready: TDH.SYS.INIT, LP.INIT, CONFIG, KEY.CONFIG and
/// TDMR.INIT (docs/model.md#calls).</summary>
internal sealed class SysCalls(ModuleContext module)
{
    private const int TdmrInfoAlignment = 512;
    private const ulong KeyIdMask = 0xFFFF;
    private const ulong UseDynamicPamt = 1UL << 16;
    private const ulong NoLog = (AddressRange.Limit - 1) & ~(ulong)(LogLineBytes - 1);
    private const int LogLineBytes = 64;

    /// <summary>Key ids from here on do not fit the module's table.</summary>
    private const ulong MaxKeyIds = 2048;

    /// <summary>TDH.SYS.INIT (docs/model.md#sys-init).</summary>
    internal CompletionStatus Init(ref SeamcallRegisters registers, int version)
    {
        (ulong attributes, ulong log) = (registers.Rcx, registers.R8);
        (registers.Rcx, registers.Rdx, registers.R8, registers.R9, registers.R10) = (0, 0, 0, 0, 0);
        if (version > 1)
            return ModuleContext.Invalid(SeamcallRegister.Rax);
        if (!module.Global.TryExclusive())
            return new(CompletionCode.SysBusy);
        try
        {
            if (attributes != 0)
                return ModuleContext.Invalid(SeamcallRegister.Rcx);
            if (module.State != TdxModuleState.BeforeInit)
                return new(CompletionCode.SysInitNotPending);
            if (module.Options.LastPrivate >= MaxKeyIds)
                return new(((ulong)CompletionCode.NumActivatedHkidsNotSupported << 32) | MaxKeyIds);
            CompletionStatus cmrs = CmrList.Check(module.Cmrs, SysConfigChecker.ForeignBits(module.Parameters));
            if (!cmrs.IsSuccess)
                return cmrs;
            if (version == 1 && !IsLog(log))
                return ModuleContext.Invalid(SeamcallRegister.R8);
            module.LogAddress = version == 1 && (log & NoLog) != NoLog ? log & NoLog : null;
            module.State = TdxModuleState.Initialized;
            return default;
        }
        finally
        {
            module.Global.ReleaseExclusive();
        }
    }

    /// <summary>TDH.SYS.LP.INIT (docs/model.md#lp-init).</summary>
    internal CompletionStatus LpInit(ref SeamcallRegisters registers, int processor)
    {
        (registers.Rcx, registers.Rdx, registers.R8) = (0, 0, 0);
        if (!module.Global.TryShared())
            return new(CompletionCode.SysBusy);
        try
        {
            if (module.State != TdxModuleState.Initialized)
                return new(CompletionCode.SysLpInitNotPending);
            if (module.IsInitialized(processor))
                return new(CompletionCode.SysLpInitDone);
            if (module.LogAddress is { } log && !(module.Release.ClearsLogOnce && module.AnyInitialized))
                module.Memory.Clear(module.Addresses.WithoutKeyId(log), LogLineBytes);
            module.Initialized[processor] = true;
            return default;
        }
        finally
        {
            module.Global.ReleaseShared();
        }
    }

    /// <summary>TDH.SYS.CONFIG (docs/model.md#sys-config-call).</summary>
    internal CompletionStatus Config(in SeamcallRegisters registers, int version)
    {
        if (!module.Global.TryExclusive())
            return new(CompletionCode.SysBusy);
        try
        {
            if (module.State != TdxModuleState.Initialized || !module.AllInitialized)
                return new(CompletionCode.SysConfigNotPending);
            return CheckOperands(registers, version) is { IsSuccess: false } refused
                ? refused
                : Configure(registers);
        }
        finally
        {
            module.Global.ReleaseExclusive();
        }
    }

    /// <summary>TDH.SYS.KEY.CONFIG (docs/model.md#key-config).</summary>
    internal CompletionStatus KeyConfig(int package)
    {
        if (!module.Global.TryExclusive())
            return new(CompletionCode.SysBusy);
        try
        {
            if (module.State != TdxModuleState.Configured)
                return new(CompletionCode.SysKeyConfigNotPending);
            if (module.Keyed[package])
                return new(CompletionCode.KeyConfigured);
            module.Keyed[package] = true;
            if (Array.TrueForAll(module.Keyed, static keyed => keyed))
                module.State = TdxModuleState.Ready;
            return default;
        }
        finally
        {
            module.Global.ReleaseExclusive();
        }
    }

    /// <summary>TDH.SYS.TDMR.INIT (docs/model.md#sys-tdmr-init).</summary>
    internal CompletionStatus TdmrInit(ref SeamcallRegisters registers)
    {
        registers.Rdx = 0;
        if (module.Pamts!.Find(registers.Rcx) is not { } tdmr || tdmr.Range.Start != registers.Rcx)
            return ModuleContext.Invalid(SeamcallRegister.Rcx);
        if (!tdmr.Lock.TryExclusive())
            return new(CompletionCode.OperandBusy, (int)SeamcallRegister.Rcx);
        try
        {
            if (tdmr.IsComplete)
                return new(CompletionCode.TdmrAlreadyInitialized);
            module.Pamts.InitializeNext(tdmr);
            registers.Rdx = tdmr.InitializedEnd;
            return default;
        }
        finally
        {
            tdmr.Lock.ReleaseExclusive();
        }
    }

    private bool IsLog(ulong log)
    {
        ulong vector = log >> 56;
        bool notified = ((log >> 54) & 3) != 1 || vector >= 16;
        return (log & 0x0030_0000_0000_003F) == 0 && notified
            && ((log & NoLog) == NoLog || module.Addresses.IsShared(log & NoLog, LogLineBytes));
    }

    private CompletionStatus CheckOperands(in SeamcallRegisters registers, int version)
    {
        if (!module.Addresses.IsShared(registers.Rcx, TdmrInfoAlignment))
            return ModuleContext.Invalid(SeamcallRegister.Rcx);
        if (registers.Rdx is < 1 or > SysConfig.MaxTdmrs)
            return ModuleContext.Invalid(SeamcallRegister.Rdx);
        if ((registers.R8 & ~(module.Release.TakesDynamicPamtBit ? KeyIdMask | UseDynamicPamt : KeyIdMask)) != 0
            || !module.KeyIds.IsPrivate(registers.R8 & KeyIdMask))
        {
            return ModuleContext.Invalid(SeamcallRegister.R8);
        }

        if (module.Release.HasSysConfigFeatures && version > 0)
        {
            if (version > 1)
                return ModuleContext.Invalid(SeamcallRegister.Rax);
            if ((registers.R9 & ~module.TdxFeatures0) != 0)
                return ModuleContext.Invalid(SeamcallRegister.R9);
            if (registers.R10 != 0)
                return ModuleContext.Invalid(SeamcallRegister.R10);
        }

        return IsDynamic(registers) && module.Addresses.FirstKeyIdBit > SysConfig.MaxFirstKeyIdBitForDynamicPamt
            ? ModuleContext.Invalid(SeamcallRegister.R8)
            : default;
    }

    private bool IsDynamic(in SeamcallRegisters registers) =>
        module.Release.HasDynamicPamt && (registers.R8 & UseDynamicPamt) != 0;

    private CompletionStatus Configure(in SeamcallRegisters registers)
    {
        ulong keyId = registers.R8 & KeyIdMask;
        if (!module.Release.ReservesKeyIdLast)
            module.KeyIds.Reserve(keyId);
        bool isDynamic = IsDynamic(registers);
        TdmrInfoEntry[] tdmrs = new TdmrInfoEntry[registers.Rdx];
        CompletionStatus status = ReadAndCheck(registers.Rcx, tdmrs, isDynamic);
        if (!status.IsSuccess)
            return status;
        module.KeyIds.Reserve(keyId);
        module.GlobalKeyId = keyId;
        module.Pamts = new(
            Array.ConvertAll(tdmrs, static tdmr => new PamtTdmr(tdmr)), isDynamic, module.Release, module.Memory);
        module.State = TdxModuleState.Configured;
        return default;
    }

    /// <summary>Reads one TDMR_INFO after the other, each only when those before it were accepted.</summary>
    private CompletionStatus ReadAndCheck(ulong array, TdmrInfoEntry[] tdmrs, bool isDynamic)
    {
        ModuleParameters parameters = module.Parameters with { DynamicPamt = isDynamic };
        ReadOnlySpan<AddressRange> runs = CmrList.MergeTouching(module.Cmrs, stackalloc AddressRange[CmrTable.Entries]);
        SysConfigChecker checker = new(tdmrs, runs, new AddressRange[3 * tdmrs.Length], parameters);
        Span<byte> bytes = stackalloc byte[TdmrInfoEntry.Bytes];
        for (int i = 0; i < tdmrs.Length; i++)
        {
            module.Memory.Read(module.Addresses.WithoutKeyId(array) + (8 * (ulong)i), bytes[..8]);
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            if (!module.Addresses.IsShared(address, TdmrInfoAlignment))
                return ModuleContext.Invalid(SeamcallRegister.Rcx);
            module.Memory.Read(module.Addresses.WithoutKeyId(address), bytes);
            tdmrs[i] = TdmrInfoEntry.Read(bytes);
            CompletionStatus status = checker.CheckNext();
            if (!status.IsSuccess)
                return status;
        }

        return default;
    }
}
