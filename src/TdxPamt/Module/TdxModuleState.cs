namespace TdxPamt.Module;

/// <summary>How far a TDX module has come.</summary>
public enum TdxModuleState
{
    /// <summary>TDH.SYS.CONFIG is due.</summary>
    Initialized,

    /// <summary>TDMRs are fixed; TDH.SYS.KEY.CONFIG is due on some package.</summary>
    Configured,

    /// <summary>All packages are keyed: TDMRs can be initialised.</summary>
    Ready,
}
