namespace TdxPamt.Module;

/// <summary>The calls of the TDX module that <see cref="TdxModule"/> answers: the numbers in
/// RAX (docs/model.md#calls).</summary>
public enum SeamcallLeaf
{
    /// <summary>TDH.MNG.ADDCX: RCX page, RDX TDR. Adds a control page to a TD.</summary>
    MngAddCx = 1,

    /// <summary>TDH.MNG.KEY.CONFIG: RCX TDR. Configures a TD's key on the caller's package.</summary>
    MngKeyConfig = 8,

    /// <summary>TDH.MNG.CREATE: RCX page, RDX key id. Makes the page a TD's TDR.</summary>
    MngCreate = 9,

    /// <summary>TDH.MNG.VPFLUSHDONE: RCX TDR. Blocks a TD and gives its key id up.</summary>
    MngVpFlushDone = 19,

    /// <summary>TDH.MNG.KEY.FREEID: RCX TDR. Frees a key id that all packages have written back.</summary>
    MngKeyFreeId = 20,

    /// <summary>TDH.PHYMEM.PAGE.RDMD: RCX page, and its level in bits 2:0 with Dynamic PAMT. RCX type, RDX owner, R8
    /// level, R9 epoch, R10 and R11 a pair's pages.</summary>
    PhymemPageRdmd = 24,

    /// <summary>TDH.MNG.KEY.RECLAIMID: does nothing.</summary>
    MngKeyReclaimId = 27,

    /// <summary>TDH.PHYMEM.PAGE.RECLAIM: RCX page of a TD in teardown. RCX type, RDX owner, R8 level, R9 bit 62 where
    /// its pair has no page in use any more.</summary>
    PhymemPageReclaim = 28,

    /// <summary>TDH.SYS.KEY.CONFIG: configures the global key on the caller's package.</summary>
    SysKeyConfig = 31,

    /// <summary>TDH.SYS.INFO: RCX address for TDSYSINFO, RDX its bytes, R8 address for CMR_INFOs, R9 their number. RDX
    /// 1024, R9 32.</summary>
    SysInfo = 32,

    /// <summary>TDH.SYS.INIT: RCX 0; in version 1 R8 a log's address. RCX, RDX, R8, R9 and R10 0.</summary>
    SysInit = 33,

    /// <summary>TDH.SYS.RD: RDX field id. RDX the next one, R8 the value.</summary>
    SysRd = 34,

    /// <summary>TDH.SYS.LP.INIT: initialises the calling processor. RCX, RDX and R8 0.</summary>
    SysLpInit = 35,

    /// <summary>TDH.SYS.TDMR.INIT: RCX TDMR base. RDX the first address whose GiB is not initialised.</summary>
    SysTdmrInit = 36,

    /// <summary>TDH.SYS.RDALL: RDX address for a list, R8 the first field id. R8 all ones.</summary>
    SysRdAll = 37,

    /// <summary>TDH.PHYMEM.CACHE.WB: RCX 0, or 1 to resume. Writes the caller's package's caches back.</summary>
    PhymemCacheWb = 40,

    /// <summary>TDH.PHYMEM.PAGE.WBINVD: RCX free page, with any key id. Writes the page back.</summary>
    PhymemPageWbinvd = 41,

    /// <summary>TDH.SYS.LP.SHUTDOWN: does nothing.</summary>
    SysLpShutdown = 44,

    /// <summary>TDH.SYS.CONFIG: RCX address of the array of TDMR_INFO addresses, RDX their number, R8 global key id
    /// and in bit 16 Dynamic PAMT; in version 1 R9 features, R10 0.</summary>
    SysConfig = 45,

    /// <summary>TDH.SYS.SHUTDOWN: RCX version of the handoff data, and in bit 16 whether to avoid TDs
    /// being built.</summary>
    SysShutdown = 52,

    /// <summary>TDH.SYS.UPDATE: takes over from the module before; in version 1 R9 features, R10 0.</summary>
    SysUpdate = 53,

    /// <summary>TDH.PHYMEM.PAMT.ADD: RCX 2M region with level 1, RDX and R8 the pair's pages. Dynamic PAMT.</summary>
    PhymemPamtAdd = 58,

    /// <summary>TDH.PHYMEM.PAMT.REMOVE: RCX 2M region with level 1. RDX and R8 the pair's pages.
    /// Dynamic PAMT.</summary>
    PhymemPamtRemove = 59,
}
