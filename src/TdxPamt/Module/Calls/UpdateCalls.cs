namespace TdxPamt.Module;

/// <summary>From one module to the next: TDH.SYS.SHUTDOWN and TDH.SYS.UPDATE (docs/model.md#shutdown).</summary>
internal sealed class UpdateCalls(ModuleContext module)
{
    private const ulong VersionMask = 0xFFFF;
    private const ulong AvoidSensitive = 1UL << 16;

    /// <summary>What a shut-down left for the next module, and not yet used up.</summary>
    internal TdxModuleHandoff? Handoff { get; set; }

    internal CompletionStatus Shutdown(in SeamcallRegisters registers)
    {
        ulong defined = module.Release.HasCompatibilitySensitiveUpdate ? VersionMask | AvoidSensitive : VersionMask;
        if ((registers.Rcx & ~defined) != 0 || (registers.Rcx & VersionMask) != module.Release.HandoffVersion)
            return ModuleContext.Invalid(SeamcallRegister.Rcx);
        if (!module.Global.TryExclusive())
            return new(CompletionCode.SysBusy);
        try
        {
            if (module.Inside > 1)
                return new(CompletionCode.SysBusy);
            if ((registers.Rcx & AvoidSensitive) != 0 && module.Tds.BeingBuilt is > 0 and int tds)
                return new(((ulong)CompletionCode.UpdateCompatibilitySensitive << 32) | ((ulong)tds << 16));
            // A call that enters from here on finds the module shut down; one that entered before is counted. So the
            // state must be written before the count is read.
            module.State = TdxModuleState.ShutDown;
            Interlocked.MemoryBarrier();
            if (module.Inside > 1)
            {
                module.State = TdxModuleState.Ready;
                return new(CompletionCode.SysBusy);
            }

            Handoff = new(module);
            return default;
        }
        finally
        {
            module.Global.ReleaseExclusive();
        }
    }

    /// <summary>TDH.SYS.UPDATE (docs/model.md#sys-update).</summary>
    internal CompletionStatus Update(in SeamcallRegisters registers, int version)
    {
        if (!module.Global.TryExclusive())
            return new(CompletionCode.SysBusy);
        try
        {
            if (module.State != TdxModuleState.Initialized || !module.AllInitialized)
                return new(CompletionCode.SysStateIncorrect);
            if (Handoff is null)
                return new(CompletionCode.SysInvalidHandoff);
            if (version > 1)
                return ModuleContext.Invalid(SeamcallRegister.Rax);
            if (version == 1 && (registers.R9 & ~module.TdxFeatures0) != 0)
                return ModuleContext.Invalid(SeamcallRegister.R9);
            if (version == 1 && registers.R10 != 0)
                return ModuleContext.Invalid(SeamcallRegister.R10);
            Handoff.CopyTo(module);
            Handoff = null;
            module.State = TdxModuleState.Ready;
            return default;
        }
        finally
        {
            module.Global.ReleaseExclusive();
        }
    }
}
