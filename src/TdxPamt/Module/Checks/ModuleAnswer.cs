namespace TdxPamt.Module;

/// <summary>What came of asking the TDX module about a set of TDMRs.</summary>
public enum ModuleAnswer
{
    /// <summary>There are no TDMRs to ask about.</summary>
    NotAsked,

    /// <summary>The machine's CMRs are not known, so the module's own answer is not known either.</summary>
    CmrsUnknown,

    /// <summary>A TDMR has more than the 16 reserved areas that a TDMR_INFO holds, so it cannot
    /// be handed over.</summary>
    TooManyAreas,

    /// <summary>The module accepts the TDMRs.</summary>
    Accepted,

    /// <summary>The module rejects the TDMRs.</summary>
    Rejected,
}
