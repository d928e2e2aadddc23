namespace TdxPamt.Module;

/// <summary>How far a TDX module has come (docs/model.md#module-states).</summary>
public enum TdxModuleState
{
    /// <summary>Loaded: TDH.SYS.INIT is due.</summary>
    BeforeInit,

    /// <summary>TDH.SYS.LP.INIT is due on each processor, then TDH.SYS.CONFIG or TDH.SYS.UPDATE.</summary>
    Initialized,

    /// <summary>TDMRs are fixed; TDH.SYS.KEY.CONFIG is due on some package.</summary>
    Configured,

    /// <summary>All packages are keyed: TDMRs can be initialised.</summary>
    Ready,

    /// <summary>Shut down by TDH.SYS.SHUTDOWN: a new module takes over.</summary>
    ShutDown,
}
