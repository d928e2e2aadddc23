namespace TdxPamt.Module;

/// <summary>What makes the TDX module give each status, in words: the rules of docs/model.md where the model gives it,
/// the module's specification otherwise.</summary>
internal static class CompletionRules
{
    private static readonly Dictionary<CompletionCode, CompletionRule> Rules = new()
    {
        [CompletionCode.Success] = new("the call did what it was asked for", "nothing: it worked", "calls"),
        [CompletionCode.NonRecoverableVcpu] = new(
            "a virtual processor met an error from which it cannot go on",
            "stop the virtual processor; its TD may go on with the others"),
        [CompletionCode.NonRecoverableTd] = new("a TD met an error from which it cannot go on", "tear the TD down"),
        [CompletionCode.InterruptedResumable] = new(
            "an interrupt arrived while the call did long work, and it keeps how far it came",
            "make the call again until it is done, CACHE.WB with RCX 1",
            "phymem-calls"),
        [CompletionCode.InterruptedRestartable] = new(
            "an interrupt arrived, and the call has done nothing",
            "make the same call again"),
        [CompletionCode.NonRecoverableTdNonAccessible] = new(
            "a TD cannot go on, and its memory cannot be read any more",
            "tear the TD down"),
        [CompletionCode.InvalidResumption] = new(
            "the call was resumed with other operands than it was begun with",
            "resume it with the operands of the first call, or begin anew"),
        [CompletionCode.NonRecoverableTdWrongApicMode] = new(
            "the TD runs with the APIC in a mode that TDX does not allow",
            "keep the TD's APIC in x2APIC mode"),
        [CompletionCode.CrossTdFault] = new("a service TD's access to another TD failed, as a fault"),
        [CompletionCode.CrossTdTrap] = new("a service TD's access to another TD ended, as a trap"),
        [CompletionCode.NonRecoverableTdCorruptedMd] = new(
            "the memory of a TD's metadata was changed behind the module's back",
            "tear the TD down, and look for a machine check or for a host that writes to private memory"),
        [CompletionCode.OperandInvalid] = new(
            "the operand is misaligned, has bits set that must be 0, lies outside what this module allows, or "
            + "(RAX) names a call or a version that this module does not have",
            "compare the operand with the call's section; RAX: update the TDX module",
            "calls"),
        [CompletionCode.OperandAddrRangeError] = new(
            "the address lies in no TDMR, or in a part of its TDMR that is not initialised yet",
            "make SYS.TDMR.INIT until its RDX is past the address",
            "page-states"),
        [CompletionCode.EventFilterInvalid] = new("the filter of a TD's performance events is malformed"),
        [CompletionCode.EventFilterOrderInvalid] = new(
            "the entries of a TD's filter of performance events do not ascend"),
        [CompletionCode.OperandBusy] = new(
            "another processor's call holds the lock of what the operand names; a page that one call names "
            + "twice is busy too",
            "make the call again; if it stays busy, look for the other call",
            "locks"),
        [CompletionCode.PreviousTlbEpochBusy] = new(
            "a processor still runs in the TD's TLB epoch before the last",
            "send all processors that run the TD an interrupt, then make the call again"),
        [CompletionCode.SysBusy] = new(
            "another call that concerns the whole module is running",
            "make the call again; start the module from one processor at a time",
            "locks"),
        [CompletionCode.RndNoEntropy] = new(
            "the processor had no random number ready",
            "make the call again",
            "sys-init"),
        [CompletionCode.OperandBusyHostPriority] = new(
            "a TD holds the lock, and the host has asked for it first",
            "make the call again"),
        [CompletionCode.HostPriorityBusyTimeout] = new(
            "the host has waited for a lock that a TD holds for longer than the module allows",
            "make the call again"),
        [CompletionCode.InterruptedBusy] = new(
            "the call met a busy lock while it was interrupted",
            "make the call again"),
        [CompletionCode.PageMetadataIncorrect] = new(
            "the page's PAMT entry has another type or another level than the call wants, or a PAMT page lies "
            + "there",
            "read the entry with PHYMEM.PAGE.RDMD: a page that is in use must be taken back first",
            "page-states"),
        [CompletionCode.PageAlreadyFree] = new("the page is free already", "nothing: it is not in use"),
        [CompletionCode.PageNotOwnedByTd] = new("the page belongs to another TD"),
        [CompletionCode.PageNotFree] = new(
            "a page of the pair is in use, or is a page of another pair",
            "give two pages that nothing in the TDX module uses",
            "pamt-add"),
        [CompletionCode.HpaRangeNotFree] = new(
            "the 2M region has its pair already, or is mapped as one 2M page",
            "count the private 4K pages of each region, and add a pair for the first one alone",
            "pamt-add"),
        [CompletionCode.NoPamtPagePair] = new(
            "the 2M region has no pair that could be removed",
            "remove a pair only where one was added, once",
            "pamt-remove"),
        [CompletionCode.PamtPageNotEmpty] = new(
            "one of the 4K pages of the region is still in use",
            "take back the private 4K pages of the region first",
            "pamt-remove"),
        [CompletionCode.InterruptedPamt] = new(
            "an interrupt arrived while PAMT pages were handled",
            "make the call again"),
        [CompletionCode.MissingPamtPagePair] = new(
            "Dynamic PAMT is on, and the page's 2M region has no pair for its 4K entries",
            "add a pair with PHYMEM.PAMT.ADD, then make the call again",
            "page-states"),
        [CompletionCode.TdAssociatedPagesExist] = new(
            "the TD's root page cannot go while other pages belong to the TD",
            "reclaim all other pages of the TD first",
            "phymem-calls"),
        [CompletionCode.SysInitNotPending] = new(
            "SYS.INIT was made before: by this kernel, by the kernel before a kexec, or by the firmware",
            "boot the machine anew instead of by kexec; the module is initialised once after it was loaded",
            "sys-init"),
        [CompletionCode.SysLpInitNotDone] = new(
            "the processor that makes the call has not made SYS.LP.INIT",
            "make SYS.LP.INIT on each processor, also on those that come online later",
            "dispatcher"),
        [CompletionCode.SysLpInitDone] = new(
            "this processor made SYS.LP.INIT before",
            "nothing: once is enough",
            "lp-init"),
        [CompletionCode.SysNotReady] = new(
            "the call needs a module that is configured and has its key on each package; before that, calls "
            + "that the module does not know are answered in this way too, as modules 1.0 answer SYS.RD",
            "for SYS.RD (leaf 0x22): update the TDX module to 1.5 or later, usually with the BIOS; "
                + "otherwise make the calls in the order of a start",
            "dispatcher"),
        [CompletionCode.SysShutdown] = new(
            "the module was shut down with SYS.SHUTDOWN, and no call works any more",
            "load a module and make SYS.UPDATE, or boot the machine anew",
            "dispatcher"),
        [CompletionCode.SysKeyConfigNotPending] = new(
            "SYS.KEY.CONFIG is due after SYS.CONFIG and before the module is ready, and at no other time",
            "make SYS.CONFIG first; if the module is ready, nothing is to be done",
            "key-config"),
        [CompletionCode.SysStateIncorrect] = new(
            "the module is in a state in which the call is not allowed",
            "make the calls in the order of a start",
            "module-states"),
        [CompletionCode.SysInvalidHandoff] = new(
            "the data that the module before handed over cannot be used",
            "load a module that is compatible with the one before, or boot the machine anew",
            "shutdown"),
        [CompletionCode.SysIncompatibleSigstruct] = new(
            "the module and its signed description do not fit together",
            "load a module as it was published, with its own signature",
            "sys-init"),
        [CompletionCode.SysLpInitNotPending] = new(
            "SYS.LP.INIT is due after SYS.INIT and before SYS.CONFIG, and at no other time",
            "make SYS.INIT first; bring all processors online before SYS.CONFIG",
            "lp-init"),
        [CompletionCode.SysConfigNotPending] = new(
            "the module is not initialised, is configured already, or a processor has not made SYS.LP.INIT",
            "boot with all processors online (no maxcpus= or nosmt), and not by kexec from a kernel that "
                + "used TDX",
            "sys-config-call"),
        [CompletionCode.IncompatibleSeamCapabilities] = new(
            "the loader of the module lacks a capability that the module needs",
            "update the BIOS, which brings the loader",
            "sys-init"),
        [CompletionCode.CryptoSelfTestFailed] = new(
            "the module's test of its own cryptography failed",
            "boot the machine anew; if it fails again, the processor is at fault"),
        [CompletionCode.UpdateCompatibilitySensitive] = new(
            "work is going on that an update would break: TDs being built or migrated",
            "finish or abort that work, then shut down again, or do not ask to avoid it",
            "shutdown"),
        [CompletionCode.TdFatal] = new("the TD met a fatal error before", "tear the TD down", "page-states"),
        [CompletionCode.TdNonDebug] = new("the call is for debuggable TDs, and this TD is none"),
        [CompletionCode.TdcsNotAllocated] = new(
            "the TD has not got all of its control pages",
            "add them with MNG.ADDCX",
            "page-states"),
        [CompletionCode.LifecycleStateIncorrect] = new(
            "the TD is in another part of its life than the call wants: keys not configured, in use, blocked, "
            + "in teardown",
            "make MNG.VPFLUSHDONE, PHYMEM.CACHE.WB on each package and MNG.KEY.FREEID before pages are "
                + "reclaimed",
            "phymem-calls"),
        [CompletionCode.OpStateIncorrect] = new(
            "the TD is in another state than the call wants: not initialised, being built, running, being "
            + "exported or imported",
            "make the calls in the order of a TD's life",
            "page-states"),
        [CompletionCode.NoVcpus] = new("the TD has no virtual processor", "create one before the TD is finalised"),
        [CompletionCode.TdcxNumIncorrect] = new(
            "the TD or the virtual processor has all of its control pages, or too few for what follows",
            "add as many pages as the metadata fields of the module say",
            "page-states"),
        [CompletionCode.X2apicIdNotUnique] = new("two virtual processors of the TD have the same x2APIC id"),
        [CompletionCode.IncompatibleMrtdContext] = new(
            "the TD's measurement was begun by a module with another format",
            "build the TD anew"),
        [CompletionCode.VcpuStateIncorrect] = new(
            "the virtual processor is in another state than the call wants",
            "make the calls in the order of a virtual processor's life",
            "page-states"),
        [CompletionCode.VcpuAssociated] = new(
            "the virtual processor is on another processor",
            "make VP.FLUSH on that processor first"),
        [CompletionCode.VcpuNotAssociated] = new("the virtual processor is on no processor, or not on this one"),
        [CompletionCode.NoValidVeInfo] = new("there is no virtualisation exception of which to get the information"),
        [CompletionCode.MaxVcpusExceeded] = new("the TD was initialised for fewer virtual processors"),
        [CompletionCode.TscRollback] = new(
            "the time stamp counter went back since the virtual processor ran last",
            "keep the processors' time stamp counters in step"),
        [CompletionCode.InterruptibilityBlocked] = new(
            "the virtual processor cannot take an interrupt at this instruction"),
        [CompletionCode.TdVmcsFieldNotInitialized] = new("a field of the virtual processor's VMCS was not initialised"),
        [CompletionCode.TdVmcsFieldError] = new("a field of the virtual processor's VMCS cannot be read or written"),
        [CompletionCode.KeyGenerationFailed] = new(
            "the processor could not make a key, mostly for want of random numbers",
            "make the call again",
            "key-config"),
        [CompletionCode.TdKeysNotConfigured] = new(
            "the TD's key is not configured on all packages",
            "make MNG.KEY.CONFIG once on each package",
            "page-states"),
        [CompletionCode.KeyStateIncorrect] = new(
            "the key id is in another part of its life than the call wants",
            "make the calls in the order of a key id's life",
            "key-ids"),
        [CompletionCode.KeyConfigured] = new(
            "this package has the key already; it is not an error",
            "nothing: go on with the next package",
            "key-config"),
        [CompletionCode.WbcacheNotComplete] = new(
            "not all packages have written their caches back for this key id",
            "make PHYMEM.CACHE.WB on each package, then make the call again",
            "key-ids"),
        [CompletionCode.HkidNotFree] = new(
            "the key id is in use, is not written back yet, or was given to a SYS.CONFIG that failed",
            "use another key id, or free this one: flush, write back on each package, MNG.KEY.FREEID",
            "key-ids"),
        [CompletionCode.NoHkidReadyToWbcache] = new(
            "no key id waits for its caches to be written back; it is not an error",
            "nothing: go on",
            "phymem-calls"),
        [CompletionCode.WbcacheResumeError] = new(
            "a resumed PHYMEM.CACHE.WB finds none that was interrupted on this package",
            "begin with RCX 0",
            "phymem-calls"),
        [CompletionCode.FlushvpNotDone] = new(
            "a virtual processor of the TD is still on a processor",
            "make VP.FLUSH for each virtual processor on its processor"),
        [CompletionCode.NumActivatedHkidsNotSupported] = new(
            "the BIOS gives TDX more key ids than the module can handle: private ones end at 2048 or above",
            "lower the number of key-id bits for TDX in the BIOS",
            "sys-init"),
        [CompletionCode.IncorrectCpuidValue] = new(
            "a CPUID leaf has another value than the module needs: a feature is off, or the microcode is "
            + "older than the module",
            "update the BIOS with its microcode and TDX module; turn off BIOS options that hide processor "
                + "features",
            "sys-init"),
        [CompletionCode.LimitCpuidMaxvalSet] = new(
            "the BIOS limits the number of CPUID leaves",
            "turn the BIOS option \"Limit CPUID Maximum\" off"),
        [CompletionCode.InconsistentCpuidField] = new(
            "a CPUID value differs between processors",
            "update the BIOS so that all processors get the same microcode and options",
            "lp-init"),
        [CompletionCode.CpuidMaxSubleavesUnrecognized] = new(
            "a CPUID leaf has more subleaves than the module knows: the processor is newer than the module",
            "update the TDX module"),
        [CompletionCode.CpuidLeaf1fFormatUnrecognized] = new(
            "CPUID describes the levels of the processor's topology in a form that the module does not know",
            "update the TDX module"),
        [CompletionCode.InvalidWbinvdScope] = new(
            "the processor does not say which processors WBINVD reaches in a form that the module knows"),
        [CompletionCode.InvalidPkgId] = new(
            "the package's number is 8 or more, which the module has no place for",
            "update the BIOS; a module handles at most 8 packages",
            "lp-init"),
        [CompletionCode.EnableMonitorFsmNotSet] = new("MONITOR and MWAIT are turned off", "turn them on in the BIOS"),
        [CompletionCode.CpuidLeafNotSupported] = new(
            "the processor lacks a CPUID leaf that the module needs",
            "update the BIOS with its microcode"),
        [CompletionCode.SmrrNotLocked] = new(
            "the firmware left the range registers of SMM memory unlocked",
            "update the BIOS",
            "sys-init"),
        [CompletionCode.InvalidSmrrConfiguration] = new(
            "the firmware gave a range register of SMM memory a mask that is none",
            "update the BIOS",
            "sys-init"),
        [CompletionCode.SmrrOverlapsCmr] = new(
            "SMM memory overlaps a convertible memory region: the firmware contradicts itself",
            "update the BIOS; it may depend on how the memory modules are placed",
            "sys-init"),
        [CompletionCode.SmrrLockNotSupported] = new(
            "the processor cannot lock the range registers of SMM memory",
            "update the BIOS with its microcode",
            "sys-init"),
        [CompletionCode.SmrrNotSupported] = new(
            "the processor has no range registers of SMM memory",
            "update the BIOS with its microcode",
            "sys-init"),
        [CompletionCode.InconsistentMsr] = new(
            "an MSR differs between this processor and the one that made SYS.INIT",
            "update the BIOS so that all processors get the same microcode and options",
            "lp-init"),
        [CompletionCode.IncorrectMsrValue] = new(
            "an MSR has another value than the module needs",
            "update the BIOS with its microcode and TDX module, and reset its options that concern this MSR",
            "sys-init"),
        [CompletionCode.SeamreportNotAvailable] = new(
            "the processor cannot make the report that attestation begins with"),
        [CompletionCode.SeamdbGetrefNotAvailable] = new("the processor cannot give a reference of its SEAM database"),
        [CompletionCode.SeamdbReportNotAvailable] = new("the processor cannot report on its SEAM database"),
        [CompletionCode.SeamverifyreportNotAvailable] = new("the processor cannot verify a report"),
        [CompletionCode.InvalidTdmr] = new(
            "the TDMR is empty, is not a whole number of aligned GiB, wraps, or reaches to where key ids "
            + "begin",
            "make TDMRs of aligned GiB below the key-id bits",
            "check-tdmr-alignment"),
        [CompletionCode.NonOrderedTdmr] = new(
            "the TDMR starts below the one before it, or overlaps it",
            "sort the TDMRs by base",
            "check-tdmr-order"),
        [CompletionCode.TdmrOutsideCmrs] = new(
            "a range of the TDMR that no reserved area covers lies outside the convertible memory regions: "
            + "RAM that the firmware did not give to TDX, or a hole that was not reserved",
            "run tdxpamt plan on the boot log, which names the RAM outside the CMRs; give TDX no such RAM "
                + "(CXL and other late memory), or reserve the hole",
            "check-tdmr-in-cmrs"),
        [CompletionCode.TdmrAlreadyInitialized] = new(
            "the TDMR is initialised to its end; it is not an error",
            "nothing: go on with the next TDMR",
            "sys-tdmr-init"),
        [CompletionCode.InvalidPamt] = new(
            "the PAMT is too small for its TDMR, is not a whole number of 4 KiB pages, wraps, or reaches to "
            + "where key ids begin",
            "compute the sizes from the entry sizes that the module reports",
            "check-pamt-range"),
        [CompletionCode.PamtOutsideCmrs] = new(
            "the PAMT does not lie in one convertible memory region or in touching ones",
            "allocate PAMTs inside the CMRs; run tdxpamt plan on the boot log, which names the RAM outside "
                + "them",
            "check-pamt-in-cmrs"),
        [CompletionCode.PamtOverlap] = new(
            "the PAMT overlaps another PAMT, or memory of a TDMR that no reserved area covers",
            "reserve the PAMT's pages in each TDMR that they lie in",
            "check-pamt-overlaps-pamt"),
        [CompletionCode.InvalidReservedInTdmr] = new(
            "the reserved area is not a whole number of 4 KiB pages, wraps, or ends above its TDMR",
            "round holes outwards to pages and clip them to the TDMR",
            "check-reserved-inside"),
        [CompletionCode.NonOrderedReservedInTdmr] = new(
            "the reserved area starts below the end of the one before it, or an empty one stands before it",
            "sort the areas by offset and put empty ones last",
            "check-reserved-order"),
        [CompletionCode.CmrListInvalid] = new(
            "the firmware's list of convertible memory regions is not made of ascending, separate ranges of "
            + "whole 4 KiB pages below the key-id bits",
            "update the BIOS; it may depend on how the memory modules are placed",
            "cmr-list"),
        [CompletionCode.EptWalkFailed] = new(
            "the TD's Secure EPT has no entry at that level for the address",
            "add the pages of the levels above with MEM.SEPT.ADD"),
        [CompletionCode.EptEntryFree] = new("the Secure EPT entry is free, and the call wants a mapping"),
        [CompletionCode.EptEntryNotFree] = new("the address is mapped already"),
        [CompletionCode.EptEntryNotPresent] = new("the Secure EPT entry is not present"),
        [CompletionCode.EptEntryNotLeaf] = new("the Secure EPT entry points to a table, and the call wants a page"),
        [CompletionCode.EptEntryLeaf] = new("the Secure EPT entry maps a page, and the call wants a table"),
        [CompletionCode.GpaRangeNotBlocked] = new(
            "the range must be blocked before this change",
            "make MEM.RANGE.BLOCK first"),
        [CompletionCode.GpaRangeAlreadyBlocked] = new(
            "the range is blocked already; it is not an error",
            "nothing: go on"),
        [CompletionCode.TlbTrackingNotDone] = new(
            "processors may still have the old mapping in their TLBs",
            "make MEM.TRACK and interrupt the TD's processors, then make the call again"),
        [CompletionCode.EptInvalidPromoteConditions] = new(
            "the 512 pages cannot be joined: they are not contiguous, or differ in state"),
        [CompletionCode.PageAlreadyAccepted] = new("the TD accepted the page before; it is not an error"),
        [CompletionCode.PageSizeMismatch] = new(
            "the page is mapped at another size",
            "use the size of the mapping, or split it"),
        [CompletionCode.GpaRangeBlocked] = new("the range is blocked"),
        [CompletionCode.EptEntryStateIncorrect] = new("the Secure EPT entry is in another state than the call wants"),
        [CompletionCode.EptPageNotFree] = new(
            "the Secure EPT page still has entries in use",
            "remove the mappings below it first"),
        [CompletionCode.L2SeptWalkFailed] = new("a nested VM's Secure EPT has no entry at that level for the address"),
        [CompletionCode.L2SeptEntryNotFree] = new("the address is mapped in a nested VM already"),
        [CompletionCode.PageAttrInvalid] = new("the attributes of a nested VM's mapping are not allowed"),
        [CompletionCode.L2SeptPageNotProvided] = new("a page for a nested VM's Secure EPT is needed and was not given"),
        [CompletionCode.MetadataFieldIdIncorrect] = new(
            "the module has no such field: the id is malformed, or the field is newer than the module",
            "update the TDX module, or correct the id",
            "sys-rd"),
        [CompletionCode.MetadataFieldNotWritable] = new("the field can never be written by this caller"),
        [CompletionCode.MetadataFieldNotReadable] = new("the field cannot be read by this caller"),
        [CompletionCode.MetadataFieldValueNotValid] = new("the value is not allowed for the field"),
        [CompletionCode.MetadataListOverflow] = new("the list of fields does not fit its page"),
        [CompletionCode.InvalidMetadataListHeader] = new("the header of a list of fields is malformed"),
        [CompletionCode.RequiredMetadataFieldMissing] = new("a field that must be in the list is not there"),
        [CompletionCode.MetadataElementSizeIncorrect] = new("the id gives the field another element size than it has"),
        [CompletionCode.MetadataLastElementIncorrect] = new("the id's count of elements reaches past the field's end"),
        [CompletionCode.MetadataFieldCurrentlyNotWritable] = new("the field cannot be written in the present state"),
        [CompletionCode.MetadataWrMaskNotValid] = new("the mask has bits that cannot be written"),
        [CompletionCode.MetadataFirstFieldIdInContext] = new(
            "the caller asked for the first field with an id of all ones, and RDX has it; it is not an error",
            "go on with the id in RDX",
            "sys-rd"),
        [CompletionCode.MetadataFieldSkip] = new("the field is to be left out of the list; it is not an error"),
        [CompletionCode.VirtualMsrValueNotValid] = new("the value is not allowed for the TD's MSR"),
        [CompletionCode.MetadataFieldNotAllocated] = new("the field belongs to a structure that is not allocated"),
        [CompletionCode.ServtdAlreadyBoundForType] = new("the TD has a service TD of this type already"),
        [CompletionCode.ServtdTypeMismatch] = new("the service TD is of another type than was bound"),
        [CompletionCode.ServtdAttrMismatch] = new("the service TD has other attributes than was bound"),
        [CompletionCode.ServtdInfoHashMismatch] = new(
            "the service TD is another one than was bound: its measurements differ"),
        [CompletionCode.ServtdUuidMismatch] = new("the service TD is another one than was bound: its UUID differs"),
        [CompletionCode.ServtdNotBound] = new("no service TD is bound there"),
        [CompletionCode.ServtdBound] = new("a service TD is bound there"),
        [CompletionCode.TargetUuidMismatch] = new("the TD is not the one that the service TD was bound to"),
        [CompletionCode.TargetUuidUpdated] = new("the TD has a new UUID, which the service TD must use from now on"),
        [CompletionCode.InvalidMbmd] = new("the description of the migrated data is malformed"),
        [CompletionCode.IncorrectMbmdMac] = new(
            "the description of the migrated data was changed on its way, or is out of order"),
        [CompletionCode.NotWriteBlocked] = new("the page is not blocked for writing"),
        [CompletionCode.AlreadyWriteBlocked] = new("the page is blocked for writing already; it is not an error"),
        [CompletionCode.NotExported] = new("the page was not exported"),
        [CompletionCode.MigrationStreamStateIncorrect] = new(
            "the migration stream is in another state than the call wants"),
        [CompletionCode.MaxMigsNumExceeded] = new("there are more migration streams than the TD allows"),
        [CompletionCode.ExportedDirtyPagesRemain] = new(
            "pages that were exported and changed since must be exported again"),
        [CompletionCode.MigrationDecryptionKeyNotSet] = new("the migration's key was not set by the migration TD"),
        [CompletionCode.TdNotMigratable] = new("the TD was not initialised as one that can migrate"),
        [CompletionCode.PreviousExportCleanupIncomplete] = new("an export before this one was not cleaned up"),
        [CompletionCode.NumMigsHigherThanCreated] = new("the call names a migration stream that was not created"),
        [CompletionCode.ImportMismatch] = new("what is imported does not fit what the TD has"),
        [CompletionCode.MigrationEpochOverflow] = new("the migration has had as many epochs as there can be"),
        [CompletionCode.MaxExportsExceeded] = new("the TD was exported as often as it can be"),
        [CompletionCode.InvalidPageMac] = new("a page's contents were changed on its way"),
        [CompletionCode.MigratedInCurrentEpoch] = new("the page was migrated in this epoch already"),
        [CompletionCode.DisallowedImportOverRemoved] = new("the page was removed, and cannot be imported again"),
        [CompletionCode.SomeVcpusNotMigrated] = new("not all virtual processors were exported or imported"),
        [CompletionCode.AllVcpusImported] = new("all virtual processors are there already"),
        [CompletionCode.MinMigsNotCreated] = new("too few migration streams were created"),
        [CompletionCode.VcpuAlreadyExported] = new("the virtual processor was exported already"),
        [CompletionCode.InvalidMigrationDecryptionKey] = new("the migration's key is not valid"),
        [CompletionCode.IncompatibleMbmdMacContext] = new("the migration was begun by a module with another format"),
        [CompletionCode.InvalidCpusvn] = new("the report was made at another security version of the processor"),
        [CompletionCode.InvalidReportmacstruct] = new("the report was not made by this processor, or was changed"),
        [CompletionCode.L2ExitHostRoutedAsync] = new("a nested VM's exit goes to the host, without a call of the TD"),
        [CompletionCode.L2ExitHostRoutedTdvmcall] = new("a nested VM's call goes to the host"),
        [CompletionCode.L2ExitPendingInterrupt] = new("a nested VM ended because an interrupt waits for the TD"),
        [CompletionCode.L2VmEntryFailed] = new("the nested VM could not be entered: its state is not consistent"),
        [CompletionCode.PendingInterrupt] = new("an interrupt waits for the TD"),
        [CompletionCode.TdExitBeforeL2Entry] = new("the TD exits to the host before its nested VM was entered"),
        [CompletionCode.TdExitOnL2VmExit] = new("the TD exits to the host after its nested VM exited"),
        [CompletionCode.TdExitOnL2ToL1] = new("the TD exits to the host on the way from its nested VM to itself"),
        [CompletionCode.GlaNotCanonical] = new("the linear address is not canonical"),
    };

    /// <summary>What a status means from one call, for one operand; -1 stands for any operand.</summary>
    private static readonly Dictionary<(int Leaf, CompletionCode Code, int Operand), CompletionRule> OfCalls = new()
    {
        [(34, CompletionCode.SysNotReady, -1)] = new(
            "the loaded module does not know SYS.RD: modules 1.0 do not, and answer all unknown calls in this "
            + "way before they are ready",
            "update the TDX module to 1.5 or later, which usually comes with a BIOS update",
            "dispatcher"),
        [(34, CompletionCode.OperandInvalid, 0)] = new(
            "the loaded module does not know SYS.RD, or not the version in RAX",
            "update the TDX module to 1.5 or later, which usually comes with a BIOS update",
            "dispatcher"),
        [(34, CompletionCode.MetadataFieldIdIncorrect, -1)] = new(
            "the kernel reads a field that the loaded module does not have: the kernel is newer than the "
            + "module",
            "update the TDX module, which usually comes with a BIOS update",
            "sys-rd"),
        [(34, CompletionCode.SysLpInitNotDone, -1)] = new(
            "SYS.RD was made on a processor that has not made SYS.LP.INIT",
            "make SYS.LP.INIT on each processor first",
            "sys-rd"),
        [(33, CompletionCode.OperandInvalid, 1)] = new(
            "RCX of SYS.INIT must be 0",
            "make the call with RCX 0",
            "sys-init"),
        [(33, CompletionCode.OperandInvalid, 8)] = new(
            "version 1 of SYS.INIT takes a log address and an interrupt in R8, and this one is malformed",
            "correct R8, or use version 0",
            "sys-init"),
        [(45, CompletionCode.OperandInvalid, 0)] = new(
            "version 1 of SYS.CONFIG is not known to this module",
            "update the TDX module, or use version 0",
            "sys-config-call"),
        [(45, CompletionCode.OperandInvalid, 1)] = new(
            "the array of TDMR_INFO addresses, or a TDMR_INFO, is not 512-byte aligned, is not below 2^52, "
            + "has a private key id, or lies in the module's own range",
            "keep the array and each TDMR_INFO in shared memory, 512-byte aligned",
            "sys-config-call"),
        [(45, CompletionCode.OperandInvalid, 2)] = new(
            "the number of TDMRs is not from 1 to MAX_TDMRS",
            "run tdxpamt plan on the boot log; a kernel without any RAM for TDX makes no TDMR",
            "sys-config-call"),
        [(45, CompletionCode.OperandInvalid, 8)] = new(
            "R8 has a key id that is not private or a bit that this module does not know, such as Dynamic "
            + "PAMT in an older module; or Dynamic PAMT is on and the key ids begin above address bit 48",
            "give TDX at least 4 key-id bits in the BIOS; or start without Dynamic PAMT, or update the TDX "
                + "module",
            "sys-config-call"),
        [(45, CompletionCode.OperandInvalid, 9)] = new(
            "R9 asks for a feature that the module does not have",
            "ask only for what TDX_FEATURES0 has",
            "sys-config-call"),
        [(45, CompletionCode.OperandInvalid, 10)] = new(
            "R10 of SYS.CONFIG must be 0",
            "make the call with R10 0",
            "sys-config-call"),
        [(36, CompletionCode.OperandInvalid, 1)] = new(
            "no TDMR has the base in RCX",
            "make the call with the base of a TDMR that SYS.CONFIG accepted",
            "sys-tdmr-init"),
        [(36, CompletionCode.SysNotReady, -1)] = new(
            "SYS.TDMR.INIT needs a module that is configured and has its key on each package",
            "make SYS.KEY.CONFIG once on each package first; all packages need a processor that is online",
            "sys-tdmr-init"),
        [(58, CompletionCode.OperandInvalid, 0)] = new(
            "Dynamic PAMT is off, or the module does not have it",
            "give SYS.CONFIG bit 16 in R8, on a module that reports Dynamic PAMT",
            "pamt-add"),
        [(59, CompletionCode.OperandInvalid, 0)] = new(
            "Dynamic PAMT is off, or the module does not have it",
            "give SYS.CONFIG bit 16 in R8, on a module that reports Dynamic PAMT",
            "pamt-remove"),
        [(9, CompletionCode.OperandInvalid, 2)] = new(
            "RDX of MNG.CREATE is not a private key id",
            "take a key id from the range that the boot log names, but not its first",
            "page-states"),
        [(28, CompletionCode.PageMetadataIncorrect, -1)] = new(
            "the page is free or reserved already, or belongs to a page pair",
            "reclaim pages that belong to a TD in teardown, once",
            "phymem-calls"),
    };

    private static readonly (int Class, string Name, string Action)[] Classes =
    [
        (0x00, "general", "see what the call left in the other registers"),
        (0x01, "operands", "correct the operand that is named"),
        (0x02, "resources that are busy", "make the call again"),
        (0x03, "metadata of physical pages", "give a page in the state that the call wants"),
        (0x04, "ownership of pages", "take the other pages back first"),
        (0x05, "state of the module", "make the calls in the order of a start"),
        (0x06, "state of a TD", "make the calls in the order of a TD's life"),
        (0x07, "state of a virtual processor", "make the calls in the order of a virtual processor's life"),
        (0x08, "encryption keys", "make the calls in the order of a key id's life"),
        (0x09, "platform configuration", "update the BIOS with its microcode and TDX module; check its TDX options"),
        (0x0A, "TDMRs, PAMTs and CMRs", "run tdxpamt plan on the machine's boot log"),
        (0x0B, "a TD's memory and its Secure EPT", "correct the address or the state of the mapping"),
        (0x0C, "metadata fields", "correct the field id or the value"),
        (0x0D, "service TDs", "bind the service TD that the TD expects"),
        (0x0E, "migration", "abort the migration, or make its calls in order"),
        (0x10, "attestation", "give a report that this processor made"),
        (0x11, "nested VMs", "let the TD or its host handle the exit"),
        (0xFF, "the SEAMCALL instruction itself", "check that TDX is on in the BIOS and that a module is loaded"),
    ];

    /// <summary>What a class of statuses is about, and what to do in general.</summary>
    internal static (string Name, string Action) ClassOf(byte number)
    {
        foreach ((int candidate, string name, string action) in Classes)
        {
            if (candidate == number)
                return (name, action);
        }

        return ("unknown", "look it up in the specification of this module's version");
    }

    /// <summary>Whether a status is the kernel's own, for an instruction that failed: class 0xFF.</summary>
    internal static bool IsOfKernel(CompletionCode code) => ((uint)code >> 8 & 0xFF) == 0xFF;

    /// <summary>The rule of a status: for the call and the operand, for the call, or for the status alone.</summary>
    internal static CompletionRule Find(CompletionCode code, int? leaf, int operand)
    {
        if (leaf is { } call && (OfCalls.TryGetValue((call, code, operand), out CompletionRule rule)
            || OfCalls.TryGetValue((call, code, -1), out rule)))
        {
            return rule;
        }

        return Rules.TryGetValue(code, out rule) ? rule
            : IsOfKernel(code) ? new("the instruction failed before a module could answer; the kernel wrote the status")
            : new("the modules that are known here have no such status");
    }
}
