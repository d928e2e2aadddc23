namespace TdxPamt.Module;

/// <summary>The calls of the TDX module that <see cref="TdxModule"/> answers: their numbers in RAX.</summary>
/// <remarks>Each call leaves its status in RAX. Registers that are not named keep their values
/// (docs/model.md#calls).</remarks>
public enum SeamcallLeaf
{
    /// <summary>TDH.SYS.KEY.CONFIG configures the global key on one package (docs/model.md#key-config).
    /// In: nothing. Out: nothing.</summary>
    SysKeyConfig = 31,

    /// <summary>TDH.SYS.INFO writes TDSYSINFO and the CMRs (docs/model.md#sys-info).
    /// In: RCX address of TDSYSINFO, RDX its bytes, R8 address of the CMR_INFOs, R9 their number.
    /// Out: RDX bytes written, R9 CMR_INFOs written.</summary>
    SysInfo = 32,

    /// <summary>TDH.SYS.RD reads one metadata field (docs/model.md#sys-rd).
    /// In: RDX field id. Out: R8 value.</summary>
    SysRd = 34,

    /// <summary>TDH.SYS.TDMR.INIT initialises the next part of a TDMR's PAMTs (docs/model.md#sys-tdmr-init).
    /// In: RCX base of the TDMR. Out: RDX next address to initialise, rounded down to 1 GiB.</summary>
    SysTdmrInit = 36,

    /// <summary>TDH.SYS.CONFIG configures the module with TDMRs (docs/model.md#sys-config).
    /// In: RCX array of TDMR_INFO addresses, RDX their number, R8 global key id, and bit 16 for Dynamic PAMT.
    /// Out: nothing.</summary>
    SysConfig = 45,

    /// <summary>TDH.PHYMEM.PAMT.ADD gives a 2M region the pair of pages for its 4K entries (docs/model.md#pamt-add).
    /// In: RCX address of the region and level 1, RDX page 0, R8 page 1. Out: nothing. Dynamic PAMT only.</summary>
    PhymemPamtAdd = 58,

    /// <summary>TDH.PHYMEM.PAMT.REMOVE takes a region's pair of pages back (docs/model.md#pamt-remove).
    /// In: RCX address of the region and level 1. Out: RDX page 0, R8 page 1. Dynamic PAMT only.</summary>
    PhymemPamtRemove = 59,
}
