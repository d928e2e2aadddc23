namespace TdxPamt.Module;

/// <summary>The page types of PAMT entries, with the module's numbers (docs/model.md#pamt-entry).</summary>
public enum PamtPageType
{
    /// <summary>PT_NDA: not used.</summary>
    NotUsed = 0,

    /// <summary>PT_RSVD: in a reserved area.</summary>
    Reserved = 1,

    /// <summary>PT_REG: a private page of a TD.</summary>
    Regular = 3,

    /// <summary>PT_TDR: the root page of a TD.</summary>
    Tdr = 4,

    /// <summary>PT_TDCX: a control page of a TD.</summary>
    Tdcx = 5,

    /// <summary>PT_TDVPR: the root page of a virtual processor.</summary>
    Tdvpr = 6,

    /// <summary>PT_EPT: a page of a secure EPT.</summary>
    Ept = 8,

    /// <summary>PT_PAMT, with Dynamic PAMT: a 2M region whose 4K entries lie in a pair of pages, or one of
    /// those pages.</summary>
    Pamt = 15,
}
