namespace TdxPamt.Module;

/// <summary>The calls that a host can make, their names and what they do (docs/model.md#calls).</summary>
internal static class LeafNames
{
    private static readonly (int Number, string Name, string Meaning, string? Anchor)[] Rows =
    [
        (0, "TDH_VP_ENTER", "runs a virtual processor of a TD", null),
        (1, "TDH_MNG_ADDCX", "adds a control page to a TD: RCX the page, RDX the TD's TDR", "page-states"),
        (2, "TDH_MEM_PAGE_ADD", "adds a 4K page to a TD being built, copied from R9: R8 the page", "page-states"),
        (3, "TDH_MEM_SEPT_ADD", "adds a page to a TD's Secure EPT: R8 the page", "page-states"),
        (4, "TDH_VP_ADDCX", "adds a control page to a virtual processor: RCX the page", "page-states"),
        (6, "TDH_MEM_PAGE_AUG", "adds a page to a running TD, which must accept it: R8 the page", "page-states"),
        (7, "TDH_MEM_RANGE_BLOCK", "blocks a range of a TD's memory before its mapping changes", null),
        (8, "TDH_MNG_KEY_CONFIG", "configures a TD's key on the caller's package: RCX the TD's TDR", "key-ids"),
        (9, "TDH_MNG_CREATE", "makes a page a TD's root: RCX the page, RDX the TD's key id", "page-states"),
        (10, "TDH_VP_CREATE", "makes a page a virtual processor's root: RCX the page, RDX the TDR", "page-states"),
        (11, "TDH_MNG_RD", "reads a metadata field of a TD", null),
        (12, "TDH_MEM_RD", "reads 8 bytes of a debuggable TD's memory", null),
        (13, "TDH_MNG_WR", "writes a metadata field of a TD", null),
        (14, "TDH_MEM_WR", "writes 8 bytes of a debuggable TD's memory", null),
        (15, "TDH_MEM_PAGE_DEMOTE", "splits a large private page into 512 smaller ones", null),
        (16, "TDH_MR_EXTEND", "adds 256 bytes of a page to a TD's measurement", null),
        (17, "TDH_MR_FINALIZE", "ends a TD's measurement, after which the TD can run", null),
        (18, "TDH_VP_FLUSH", "takes a virtual processor off the processor that ran it", null),
        (19, "TDH_MNG_VPFLUSHDONE", "blocks a TD whose virtual processors are flushed: RCX the TDR", "key-ids"),
        (20, "TDH_MNG_KEY_FREEID", "frees a TD's key id; the TD can then be torn down: RCX the TDR", "key-ids"),
        (21, "TDH_MNG_INIT", "initialises a TD from its parameters", null),
        (22, "TDH_VP_INIT", "initialises a virtual processor", null),
        (23, "TDH_MEM_PAGE_PROMOTE", "joins 512 private pages into a larger one", null),
        (24, "TDH_PHYMEM_PAGE_RDMD", "reads a page's PAMT entry: RCX the page", "phymem-calls"),
        (25, "TDH_MEM_SEPT_RD", "reads an entry of a TD's Secure EPT", null),
        (26, "TDH_VP_RD", "reads a metadata field of a virtual processor", null),
        (27, "TDH_MNG_KEY_RECLAIMID", "does nothing; it is kept for older hosts", "key-ids"),
        (28, "TDH_PHYMEM_PAGE_RECLAIM", "takes a page back from a TD in teardown: RCX the page", "phymem-calls"),
        (29, "TDH_MEM_PAGE_REMOVE", "removes a private page from a TD", null),
        (30, "TDH_MEM_SEPT_REMOVE", "removes a page from a TD's Secure EPT", null),
        (31, "TDH_SYS_KEY_CONFIG", "configures the module's own key, once on each package", "key-config"),
        (32, "TDH_SYS_INFO", "reads what the module is and the CMRs: RCX and RDX a buffer for TDSYSINFO, R8 and R9 one "
            + "for CMR_INFO", "sys-info"),
        (33, "TDH_SYS_INIT", "initialises the module, once after it was loaded: RCX 0", "sys-init"),
        (34, "TDH_SYS_RD", "reads a metadata field of the module: RDX the field", "sys-rd"),
        (35, "TDH_SYS_LP_INIT", "initialises the calling processor, once on each", "lp-init"),
        (36, "TDH_SYS_TDMR_INIT", "initialises a part of a TDMR's PAMTs: RCX the TDMR's base", "sys-tdmr-init"),
        (37, "TDH_SYS_RDALL", "reads all metadata fields of the module: RDX a page, R8 the first field", "sys-rdall"),
        (38, "TDH_MEM_TRACK", "begins a new epoch of a TD's TLB tracking", null),
        (39, "TDH_MEM_RANGE_UNBLOCK", "undoes TDH_MEM_RANGE_BLOCK", null),
        (40, "TDH_PHYMEM_CACHE_WB", "writes the caches of the caller's package back: RCX 1 to resume", "phymem-calls"),
        (41, "TDH_PHYMEM_PAGE_WBINVD", "writes a page back and drops it from caches: RCX the page", "phymem-calls"),
        (42, "TDH_MEM_SEPT_WR", "writes an entry of a TD's Secure EPT", null),
        (43, "TDH_VP_WR", "writes a metadata field of a virtual processor", null),
        (44, "TDH_SYS_LP_SHUTDOWN", "does nothing; it is kept for older hosts", "shutdown"),
        (45, "TDH_SYS_CONFIG", "gives the module all TDMRs: RCX the array of TDMR_INFO addresses, RDX their number, R8 "
            + "the global key id and in bit 16 Dynamic PAMT", "sys-config"),
        (48, "TDH_SERVTD_BIND", "binds a service TD to a TD", null),
        (49, "TDH_SERVTD_PREBIND", "reserves a place for a service TD before it is there", null),
        (52, "TDH_SYS_SHUTDOWN", "shuts the module down so that another can take over: RCX the version of the data "
            + "that is handed over", "shutdown"),
        (53, "TDH_SYS_UPDATE", "takes over from the module before", "shutdown"),
        (58, "TDH_PHYMEM_PAMT_ADD", "gives a 2M region the pair of pages for its 4K PAMT entries: RCX the region with "
            + "level 1, RDX and R8 the pages", "pamt-add"),
        (59, "TDH_PHYMEM_PAMT_REMOVE", "takes such a pair back: RCX the region with level 1", "pamt-remove"),
        (64, "TDH_EXPORT_ABORT", "ends the export of a TD without success", null),
        (65, "TDH_EXPORT_BLOCKW", "blocks writes to pages that are about to be exported", null),
        (66, "TDH_EXPORT_RESTORE", "makes exported pages usable again after an export that was aborted", null),
        (68, "TDH_EXPORT_MEM", "exports pages of a TD", null),
        (69, "TDH_SYS_DISABLE", "turns the module off and gives back the memory that it holds", null),
        (70, "TDH_EXPORT_PAUSE", "pauses a TD for the last part of its export", null),
        (71, "TDH_EXPORT_TRACK", "begins a new epoch of an export", null),
        (72, "TDH_EXPORT_STATE_IMMUTABLE", "exports what never changes in a TD's state", null),
        (73, "TDH_EXPORT_STATE_TD", "exports what changes in a TD's state", null),
        (74, "TDH_EXPORT_STATE_VP", "exports the state of a virtual processor", null),
        (75, "TDH_EXPORT_UNBLOCKW", "undoes TDH_EXPORT_BLOCKW", null),
        (80, "TDH_IMPORT_ABORT", "ends the import of a TD without success", null),
        (81, "TDH_IMPORT_END", "ends the import of a TD, which can then run", null),
        (82, "TDH_IMPORT_COMMIT", "lets a TD run before all of its memory is imported", null),
        (83, "TDH_IMPORT_MEM", "imports pages of a TD", null),
        (84, "TDH_IMPORT_TRACK", "begins a new epoch of an import", null),
        (85, "TDH_IMPORT_STATE_IMMUTABLE", "imports what never changes in a TD's state", null),
        (86, "TDH_IMPORT_STATE_TD", "imports what changes in a TD's state", null),
        (87, "TDH_IMPORT_STATE_VP", "imports the state of a virtual processor", null),
        (96, "TDH_MIG_STREAM_CREATE", "makes a page the context of a migration stream", null),
    ];

    internal static IEnumerable<string> All => Rows.Select(static row => row.Name);

    /// <summary>Finds a call by its number; null where it is not known.</summary>
    internal static (string Name, string Meaning, string? Anchor)? Find(ulong number)
    {
        foreach ((int candidate, string name, string meaning, string? anchor) in Rows)
        {
            if ((ulong)candidate == number)
                return (name, meaning, anchor);
        }

        return null;
    }

    /// <summary>Finds the number of a call by its name in upper case.</summary>
    internal static int? Find(string name)
    {
        foreach ((int number, string candidate, _, _) in Rows)
        {
            if (candidate == name)
                return number;
        }

        return null;
    }
}
