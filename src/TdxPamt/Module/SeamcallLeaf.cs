namespace TdxPamt.Module;

/// <summary>The calls of the TDX module that <see cref="TdxModule"/> answers: the numbers in RAX.</summary>
public enum SeamcallLeaf
{
    /// <summary>TDH.SYS.KEY.CONFIG: configures the global key on one package.</summary>
    SysKeyConfig = 31,

    /// <summary>TDH.SYS.INFO: writes TDSYSINFO and the CMRs.</summary>
    SysInfo = 32,

    /// <summary>TDH.SYS.RD: reads one metadata field.</summary>
    SysRd = 34,

    /// <summary>TDH.SYS.TDMR.INIT: initialises a part of a TDMR.</summary>
    SysTdmrInit = 36,

    /// <summary>TDH.SYS.CONFIG: configures the module with TDMRs.</summary>
    SysConfig = 45,

    /// <summary>TDH.PHYMEM.PAMT.ADD: gives a 2M region the pages for its 4K entries. Dynamic PAMT.</summary>
    PhymemPamtAdd = 58,

    /// <summary>TDH.PHYMEM.PAMT.REMOVE: takes those pages back. Dynamic PAMT.</summary>
    PhymemPamtRemove = 59,
}
