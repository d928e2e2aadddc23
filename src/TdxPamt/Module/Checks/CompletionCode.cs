using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Module;

/// <summary>What a completion status says: its upper 32 bits, without
/// operands (docs/model.md#completion-status).</summary>
[SuppressMessage("Design", "CA1028", Justification = "The module's own 32 bits.")]
[SuppressMessage("Design", "CA1008", Justification = "Zero is success.")]
public enum CompletionCode : uint
{
    /// <summary>TDX_SUCCESS.</summary>
    Success = 0x00000000,

    /// <summary>TDX_NON_RECOVERABLE_VCPU.</summary>
    NonRecoverableVcpu = 0x40000001,

    /// <summary>TDX_NON_RECOVERABLE_TD.</summary>
    NonRecoverableTd = 0x60000002,

    /// <summary>TDX_INTERRUPTED_RESUMABLE.</summary>
    InterruptedResumable = 0x80000003,

    /// <summary>TDX_INTERRUPTED_RESTARTABLE.</summary>
    InterruptedRestartable = 0x80000004,

    /// <summary>TDX_NON_RECOVERABLE_TD_NON_ACCESSIBLE.</summary>
    NonRecoverableTdNonAccessible = 0x60000005,

    /// <summary>TDX_INVALID_RESUMPTION.</summary>
    InvalidResumption = 0xC0000006,

    /// <summary>TDX_NON_RECOVERABLE_TD_WRONG_APIC_MODE.</summary>
    NonRecoverableTdWrongApicMode = 0xE0000007,

    /// <summary>TDX_CROSS_TD_FAULT.</summary>
    CrossTdFault = 0x80000008,

    /// <summary>TDX_CROSS_TD_TRAP.</summary>
    CrossTdTrap = 0x90000009,

    /// <summary>TDX_NON_RECOVERABLE_TD_CORRUPTED_MD.</summary>
    NonRecoverableTdCorruptedMd = 0x6000000A,

    /// <summary>TDX_OPERAND_INVALID.</summary>
    OperandInvalid = 0xC0000100,

    /// <summary>TDX_OPERAND_ADDR_RANGE_ERROR.</summary>
    OperandAddrRangeError = 0xC0000101,

    /// <summary>TDX_EVENT_FILTER_INVALID.</summary>
    EventFilterInvalid = 0xC0000102,

    /// <summary>TDX_EVENT_FILTER_ORDER_INVALID.</summary>
    EventFilterOrderInvalid = 0xC0000103,

    /// <summary>TDX_OPERAND_BUSY.</summary>
    OperandBusy = 0x80000200,

    /// <summary>TDX_PREVIOUS_TLB_EPOCH_BUSY.</summary>
    PreviousTlbEpochBusy = 0x80000201,

    /// <summary>TDX_SYS_BUSY.</summary>
    SysBusy = 0x80000202,

    /// <summary>TDX_RND_NO_ENTROPY.</summary>
    RndNoEntropy = 0x80000203,

    /// <summary>TDX_OPERAND_BUSY_HOST_PRIORITY.</summary>
    OperandBusyHostPriority = 0x80000204,

    /// <summary>TDX_HOST_PRIORITY_BUSY_TIMEOUT.</summary>
    HostPriorityBusyTimeout = 0x90000205,

    /// <summary>TDX_INTERRUPTED_BUSY.</summary>
    InterruptedBusy = 0x80000206,

    /// <summary>TDX_PAGE_METADATA_INCORRECT.</summary>
    PageMetadataIncorrect = 0xC0000300,

    /// <summary>TDX_PAGE_ALREADY_FREE.</summary>
    PageAlreadyFree = 0x00000301,

    /// <summary>TDX_PAGE_NOT_OWNED_BY_TD.</summary>
    PageNotOwnedByTd = 0xC0000302,

    /// <summary>TDX_PAGE_NOT_FREE.</summary>
    PageNotFree = 0xC0000303,

    /// <summary>TDX_HPA_RANGE_NOT_FREE.</summary>
    HpaRangeNotFree = 0xC0000304,

    /// <summary>TDX_NO_PAMT_PAGE_PAIR.</summary>
    NoPamtPagePair = 0xC0000305,

    /// <summary>TDX_PAMT_PAGE_NOT_EMPTY.</summary>
    PamtPageNotEmpty = 0xC0000306,

    /// <summary>TDX_INTERRUPTED_PAMT.</summary>
    InterruptedPamt = 0x80000307,

    /// <summary>TDX_MISSING_PAMT_PAGE_PAIR.</summary>
    MissingPamtPagePair = 0x80000308,

    /// <summary>TDX_TD_ASSOCIATED_PAGES_EXIST.</summary>
    TdAssociatedPagesExist = 0xC0000400,

    /// <summary>TDX_SYS_INIT_NOT_PENDING.</summary>
    SysInitNotPending = 0xC0000500,

    /// <summary>TDX_SYS_LP_INIT_NOT_DONE.</summary>
    SysLpInitNotDone = 0xC0000502,

    /// <summary>TDX_SYS_LP_INIT_DONE.</summary>
    SysLpInitDone = 0xC0000503,

    /// <summary>TDX_SYS_NOT_READY.</summary>
    SysNotReady = 0xC0000505,

    /// <summary>TDX_SYS_SHUTDOWN.</summary>
    SysShutdown = 0xC0000506,

    /// <summary>TDX_SYS_KEY_CONFIG_NOT_PENDING.</summary>
    SysKeyConfigNotPending = 0xC0000507,

    /// <summary>TDX_SYS_STATE_INCORRECT.</summary>
    SysStateIncorrect = 0xC0000508,

    /// <summary>TDX_SYS_INVALID_HANDOFF.</summary>
    SysInvalidHandoff = 0xC0000509,

    /// <summary>TDX_SYS_INCOMPATIBLE_SIGSTRUCT.</summary>
    SysIncompatibleSigstruct = 0xC000050A,

    /// <summary>TDX_SYS_LP_INIT_NOT_PENDING.</summary>
    SysLpInitNotPending = 0xC000050B,

    /// <summary>TDX_SYS_CONFIG_NOT_PENDING.</summary>
    SysConfigNotPending = 0xC000050C,

    /// <summary>TDX_INCOMPATIBLE_SEAM_CAPABILITIES.</summary>
    IncompatibleSeamCapabilities = 0xC000050D,

    /// <summary>TDX_CRYPTO_SELF_TEST_FAILED.</summary>
    CryptoSelfTestFailed = 0xC0000511,

    /// <summary>TDX_UPDATE_COMPATIBILITY_SENSITIVE.</summary>
    UpdateCompatibilitySensitive = 0x80000512,

    /// <summary>TDX_TD_FATAL.</summary>
    TdFatal = 0xE0000604,

    /// <summary>TDX_TD_NON_DEBUG.</summary>
    TdNonDebug = 0xC0000605,

    /// <summary>TDX_TDCS_NOT_ALLOCATED.</summary>
    TdcsNotAllocated = 0xC0000606,

    /// <summary>TDX_LIFECYCLE_STATE_INCORRECT.</summary>
    LifecycleStateIncorrect = 0xC0000607,

    /// <summary>TDX_OP_STATE_INCORRECT.</summary>
    OpStateIncorrect = 0xC0000608,

    /// <summary>TDX_NO_VCPUS.</summary>
    NoVcpus = 0xC0000609,

    /// <summary>TDX_TDCX_NUM_INCORRECT.</summary>
    TdcxNumIncorrect = 0xC0000610,

    /// <summary>TDX_X2APIC_ID_NOT_UNIQUE.</summary>
    X2apicIdNotUnique = 0xC0000621,

    /// <summary>TDX_INCOMPATIBLE_MRTD_CONTEXT.</summary>
    IncompatibleMrtdContext = 0xC0000622,

    /// <summary>TDX_VCPU_STATE_INCORRECT.</summary>
    VcpuStateIncorrect = 0xC0000700,

    /// <summary>TDX_VCPU_ASSOCIATED.</summary>
    VcpuAssociated = 0x80000701,

    /// <summary>TDX_VCPU_NOT_ASSOCIATED.</summary>
    VcpuNotAssociated = 0x80000702,

    /// <summary>TDX_NO_VALID_VE_INFO.</summary>
    NoValidVeInfo = 0xC0000704,

    /// <summary>TDX_MAX_VCPUS_EXCEEDED.</summary>
    MaxVcpusExceeded = 0xC0000705,

    /// <summary>TDX_TSC_ROLLBACK.</summary>
    TscRollback = 0xC0000706,

    /// <summary>TDX_INTERRUPTIBILITY_BLOCKED.</summary>
    InterruptibilityBlocked = 0xC0000707,

    /// <summary>TDX_TD_VMCS_FIELD_NOT_INITIALIZED.</summary>
    TdVmcsFieldNotInitialized = 0xC0000730,

    /// <summary>TD_VMCS_FIELD_ERROR.</summary>
    TdVmcsFieldError = 0xC0000731,

    /// <summary>TDX_KEY_GENERATION_FAILED.</summary>
    KeyGenerationFailed = 0x80000800,

    /// <summary>TDX_TD_KEYS_NOT_CONFIGURED.</summary>
    TdKeysNotConfigured = 0x80000810,

    /// <summary>TDX_KEY_STATE_INCORRECT.</summary>
    KeyStateIncorrect = 0xC0000811,

    /// <summary>TDX_KEY_CONFIGURED.</summary>
    KeyConfigured = 0x00000815,

    /// <summary>TDX_WBCACHE_NOT_COMPLETE.</summary>
    WbcacheNotComplete = 0x80000817,

    /// <summary>TDX_HKID_NOT_FREE.</summary>
    HkidNotFree = 0xC0000820,

    /// <summary>TDX_NO_HKID_READY_TO_WBCACHE.</summary>
    NoHkidReadyToWbcache = 0x00000821,

    /// <summary>TDX_WBCACHE_RESUME_ERROR.</summary>
    WbcacheResumeError = 0xC0000823,

    /// <summary>TDX_FLUSHVP_NOT_DONE.</summary>
    FlushvpNotDone = 0x80000824,

    /// <summary>TDX_NUM_ACTIVATED_HKIDS_NOT_SUPPORTED.</summary>
    NumActivatedHkidsNotSupported = 0xC0000825,

    /// <summary>TDX_INCORRECT_CPUID_VALUE.</summary>
    IncorrectCpuidValue = 0xC0000900,

    /// <summary>TDX_LIMIT_CPUID_MAXVAL_SET.</summary>
    LimitCpuidMaxvalSet = 0xC0000901,

    /// <summary>TDX_INCONSISTENT_CPUID_FIELD.</summary>
    InconsistentCpuidField = 0xC0000902,

    /// <summary>TDX_CPUID_MAX_SUBLEAVES_UNRECOGNIZED.</summary>
    CpuidMaxSubleavesUnrecognized = 0xC0000903,

    /// <summary>TDX_CPUID_LEAF_1F_FORMAT_UNRECOGNIZED.</summary>
    CpuidLeaf1fFormatUnrecognized = 0xC0000904,

    /// <summary>TDX_INVALID_WBINVD_SCOPE.</summary>
    InvalidWbinvdScope = 0xC0000905,

    /// <summary>TDX_INVALID_PKG_ID.</summary>
    InvalidPkgId = 0xC0000906,

    /// <summary>TDX_ENABLE_MONITOR_FSM_NOT_SET.</summary>
    EnableMonitorFsmNotSet = 0xC0000907,

    /// <summary>TDX_CPUID_LEAF_NOT_SUPPORTED.</summary>
    CpuidLeafNotSupported = 0xC0000908,

    /// <summary>TDX_SMRR_NOT_LOCKED.</summary>
    SmrrNotLocked = 0xC0000910,

    /// <summary>TDX_INVALID_SMRR_CONFIGURATION.</summary>
    InvalidSmrrConfiguration = 0xC0000911,

    /// <summary>TDX_SMRR_OVERLAPS_CMR.</summary>
    SmrrOverlapsCmr = 0xC0000912,

    /// <summary>TDX_SMRR_LOCK_NOT_SUPPORTED.</summary>
    SmrrLockNotSupported = 0xC0000913,

    /// <summary>TDX_SMRR_NOT_SUPPORTED.</summary>
    SmrrNotSupported = 0xC0000914,

    /// <summary>TDX_INCONSISTENT_MSR.</summary>
    InconsistentMsr = 0xC0000920,

    /// <summary>TDX_INCORRECT_MSR_VALUE.</summary>
    IncorrectMsrValue = 0xC0000921,

    /// <summary>TDX_SEAMREPORT_NOT_AVAILABLE.</summary>
    SeamreportNotAvailable = 0xC0000930,

    /// <summary>TDX_SEAMDB_GETREF_NOT_AVAILABLE.</summary>
    SeamdbGetrefNotAvailable = 0xC0000931,

    /// <summary>TDX_SEAMDB_REPORT_NOT_AVAILABLE.</summary>
    SeamdbReportNotAvailable = 0xC0000932,

    /// <summary>TDX_SEAMVERIFYREPORT_NOT_AVAILABLE.</summary>
    SeamverifyreportNotAvailable = 0xC0000933,

    /// <summary>TDX_INVALID_TDMR.</summary>
    InvalidTdmr = 0xC0000A00,

    /// <summary>TDX_NON_ORDERED_TDMR.</summary>
    NonOrderedTdmr = 0xC0000A01,

    /// <summary>TDX_TDMR_OUTSIDE_CMRS.</summary>
    TdmrOutsideCmrs = 0xC0000A02,

    /// <summary>TDX_TDMR_ALREADY_INITIALIZED.</summary>
    TdmrAlreadyInitialized = 0x00000A03,

    /// <summary>TDX_INVALID_PAMT.</summary>
    InvalidPamt = 0xC0000A10,

    /// <summary>TDX_PAMT_OUTSIDE_CMRS.</summary>
    PamtOutsideCmrs = 0xC0000A11,

    /// <summary>TDX_PAMT_OVERLAP.</summary>
    PamtOverlap = 0xC0000A12,

    /// <summary>TDX_INVALID_RESERVED_IN_TDMR.</summary>
    InvalidReservedInTdmr = 0xC0000A20,

    /// <summary>TDX_NON_ORDERED_RESERVED_IN_TDMR.</summary>
    NonOrderedReservedInTdmr = 0xC0000A21,

    /// <summary>TDX_CMR_LIST_INVALID (docs/model.md#cmr-list).</summary>
    CmrListInvalid = 0xC0000A22,

    /// <summary>TDX_EPT_WALK_FAILED.</summary>
    EptWalkFailed = 0xC0000B00,

    /// <summary>TDX_EPT_ENTRY_FREE.</summary>
    EptEntryFree = 0xC0000B01,

    /// <summary>TDX_EPT_ENTRY_NOT_FREE.</summary>
    EptEntryNotFree = 0xC0000B02,

    /// <summary>TDX_EPT_ENTRY_NOT_PRESENT.</summary>
    EptEntryNotPresent = 0xC0000B03,

    /// <summary>TDX_EPT_ENTRY_NOT_LEAF.</summary>
    EptEntryNotLeaf = 0xC0000B04,

    /// <summary>TDX_EPT_ENTRY_LEAF.</summary>
    EptEntryLeaf = 0xC0000B05,

    /// <summary>TDX_GPA_RANGE_NOT_BLOCKED.</summary>
    GpaRangeNotBlocked = 0xC0000B06,

    /// <summary>TDX_GPA_RANGE_ALREADY_BLOCKED.</summary>
    GpaRangeAlreadyBlocked = 0x00000B07,

    /// <summary>TDX_TLB_TRACKING_NOT_DONE.</summary>
    TlbTrackingNotDone = 0xC0000B08,

    /// <summary>TDX_EPT_INVALID_PROMOTE_CONDITIONS.</summary>
    EptInvalidPromoteConditions = 0xC0000B09,

    /// <summary>TDX_PAGE_ALREADY_ACCEPTED.</summary>
    PageAlreadyAccepted = 0x00000B0A,

    /// <summary>TDX_PAGE_SIZE_MISMATCH.</summary>
    PageSizeMismatch = 0xC0000B0B,

    /// <summary>TDX_GPA_RANGE_BLOCKED.</summary>
    GpaRangeBlocked = 0xC0000B0C,

    /// <summary>TDX_EPT_ENTRY_STATE_INCORRECT.</summary>
    EptEntryStateIncorrect = 0xC0000B0D,

    /// <summary>TDX_EPT_PAGE_NOT_FREE.</summary>
    EptPageNotFree = 0xC0000B0E,

    /// <summary>TDX_L2_SEPT_WALK_FAILED.</summary>
    L2SeptWalkFailed = 0xC0000B0F,

    /// <summary>TDX_L2_SEPT_ENTRY_NOT_FREE.</summary>
    L2SeptEntryNotFree = 0xC0000B10,

    /// <summary>TDX_PAGE_ATTR_INVALID.</summary>
    PageAttrInvalid = 0xC0000B11,

    /// <summary>TDX_L2_SEPT_PAGE_NOT_PROVIDED.</summary>
    L2SeptPageNotProvided = 0xC0000B12,

    /// <summary>TDX_METADATA_FIELD_ID_INCORRECT.</summary>
    MetadataFieldIdIncorrect = 0xC0000C00,

    /// <summary>TDX_METADATA_FIELD_NOT_WRITABLE.</summary>
    MetadataFieldNotWritable = 0xC0000C01,

    /// <summary>TDX_METADATA_FIELD_NOT_READABLE.</summary>
    MetadataFieldNotReadable = 0xC0000C02,

    /// <summary>TDX_METADATA_FIELD_VALUE_NOT_VALID.</summary>
    MetadataFieldValueNotValid = 0xC0000C03,

    /// <summary>TDX_METADATA_LIST_OVERFLOW.</summary>
    MetadataListOverflow = 0xC0000C04,

    /// <summary>TDX_INVALID_METADATA_LIST_HEADER.</summary>
    InvalidMetadataListHeader = 0xC0000C05,

    /// <summary>TDX_REQUIRED_METADATA_FIELD_MISSING.</summary>
    RequiredMetadataFieldMissing = 0xC0000C06,

    /// <summary>TDX_METADATA_ELEMENT_SIZE_INCORRECT.</summary>
    MetadataElementSizeIncorrect = 0xC0000C07,

    /// <summary>TDX_METADATA_LAST_ELEMENT_INCORRECT.</summary>
    MetadataLastElementIncorrect = 0xC0000C08,

    /// <summary>TDX_METADATA_FIELD_CURRENTLY_NOT_WRITABLE.</summary>
    MetadataFieldCurrentlyNotWritable = 0xC0000C09,

    /// <summary>TDX_METADATA_WR_MASK_NOT_VALID.</summary>
    MetadataWrMaskNotValid = 0xC0000C0A,

    /// <summary>TDX_METADATA_FIRST_FIELD_ID_IN_CONTEXT.</summary>
    MetadataFirstFieldIdInContext = 0x00000C0B,

    /// <summary>TDX_METADATA_FIELD_SKIP.</summary>
    MetadataFieldSkip = 0x00000C0C,

    /// <summary>TDX_VIRTUAL_MSR_VALUE_NOT_VALID.</summary>
    VirtualMsrValueNotValid = 0xC0000C0D,

    /// <summary>TDX_METADATA_FIELD_NOT_ALLOCATED.</summary>
    MetadataFieldNotAllocated = 0xC0000C0E,

    /// <summary>TDX_SERVTD_ALREADY_BOUND_FOR_TYPE.</summary>
    ServtdAlreadyBoundForType = 0xC0000D00,

    /// <summary>TDX_SERVTD_TYPE_MISMATCH.</summary>
    ServtdTypeMismatch = 0xC0000D01,

    /// <summary>TDX_SERVTD_ATTR_MISMATCH.</summary>
    ServtdAttrMismatch = 0xC0000D02,

    /// <summary>TDX_SERVTD_INFO_HASH_MISMATCH.</summary>
    ServtdInfoHashMismatch = 0xC0000D03,

    /// <summary>TDX_SERVTD_UUID_MISMATCH.</summary>
    ServtdUuidMismatch = 0xC0000D04,

    /// <summary>TDX_SERVTD_NOT_BOUND.</summary>
    ServtdNotBound = 0xC0000D05,

    /// <summary>TDX_SERVTD_BOUND.</summary>
    ServtdBound = 0xC0000D06,

    /// <summary>TDX_TARGET_UUID_MISMATCH.</summary>
    TargetUuidMismatch = 0xC0000D07,

    /// <summary>TDX_TARGET_UUID_UPDATED.</summary>
    TargetUuidUpdated = 0xC0000D08,

    /// <summary>TDX_INVALID_MBMD.</summary>
    InvalidMbmd = 0xC0000E00,

    /// <summary>TDX_INCORRECT_MBMD_MAC.</summary>
    IncorrectMbmdMac = 0xC0000E01,

    /// <summary>TDX_NOT_WRITE_BLOCKED.</summary>
    NotWriteBlocked = 0xC0000E02,

    /// <summary>TDX_ALREADY_WRITE_BLOCKED.</summary>
    AlreadyWriteBlocked = 0x00000E03,

    /// <summary>TDX_NOT_EXPORTED.</summary>
    NotExported = 0xC0000E04,

    /// <summary>TDX_MIGRATION_STREAM_STATE_INCORRECT.</summary>
    MigrationStreamStateIncorrect = 0xC0000E05,

    /// <summary>TDX_MAX_MIGS_NUM_EXCEEDED.</summary>
    MaxMigsNumExceeded = 0xC0000E06,

    /// <summary>TDX_EXPORTED_DIRTY_PAGES_REMAIN.</summary>
    ExportedDirtyPagesRemain = 0xC0000E07,

    /// <summary>TDX_MIGRATION_DECRYPTION_KEY_NOT_SET.</summary>
    MigrationDecryptionKeyNotSet = 0xC0000E08,

    /// <summary>TDX_TD_NOT_MIGRATABLE.</summary>
    TdNotMigratable = 0xC0000E09,

    /// <summary>TDX_PREVIOUS_EXPORT_CLEANUP_INCOMPLETE.</summary>
    PreviousExportCleanupIncomplete = 0xC0000E0A,

    /// <summary>TDX_NUM_MIGS_HIGHER_THAN_CREATED.</summary>
    NumMigsHigherThanCreated = 0xC0000E0B,

    /// <summary>TDX_IMPORT_MISMATCH.</summary>
    ImportMismatch = 0xC0000E0C,

    /// <summary>TDX_MIGRATION_EPOCH_OVERFLOW.</summary>
    MigrationEpochOverflow = 0xC0000E0D,

    /// <summary>TDX_MAX_EXPORTS_EXCEEDED.</summary>
    MaxExportsExceeded = 0xC0000E0E,

    /// <summary>TDX_INVALID_PAGE_MAC.</summary>
    InvalidPageMac = 0xC0000E0F,

    /// <summary>TDX_MIGRATED_IN_CURRENT_EPOCH.</summary>
    MigratedInCurrentEpoch = 0xC0000E10,

    /// <summary>TDX_DISALLOWED_IMPORT_OVER_REMOVED.</summary>
    DisallowedImportOverRemoved = 0xC0000E11,

    /// <summary>TDX_SOME_VCPUS_NOT_MIGRATED.</summary>
    SomeVcpusNotMigrated = 0xC0000E12,

    /// <summary>TDX_ALL_VCPUS_IMPORTED.</summary>
    AllVcpusImported = 0xC0000E13,

    /// <summary>TDX_MIN_MIGS_NOT_CREATED.</summary>
    MinMigsNotCreated = 0xC0000E14,

    /// <summary>TDX_VCPU_ALREADY_EXPORTED.</summary>
    VcpuAlreadyExported = 0xC0000E15,

    /// <summary>TDX_INVALID_MIGRATION_DECRYPTION_KEY.</summary>
    InvalidMigrationDecryptionKey = 0xC0000E16,

    /// <summary>TDX_INCOMPATIBLE_MBMD_MAC_CONTEXT.</summary>
    IncompatibleMbmdMacContext = 0xC0000E22,

    /// <summary>TDX_INVALID_CPUSVN.</summary>
    InvalidCpusvn = 0xC0001000,

    /// <summary>TDX_INVALID_REPORTMACSTRUCT.</summary>
    InvalidReportmacstruct = 0xC0001001,

    /// <summary>TDX_L2_EXIT_HOST_ROUTED_ASYNC.</summary>
    L2ExitHostRoutedAsync = 0x00001100,

    /// <summary>TDX_L2_EXIT_HOST_ROUTED_TDVMCALL.</summary>
    L2ExitHostRoutedTdvmcall = 0x00001101,

    /// <summary>TDX_L2_EXIT_PENDING_INTERRUPT.</summary>
    L2ExitPendingInterrupt = 0x00001102,

    /// <summary>TDX_L2_VM_ENTRY_FAILED.</summary>
    L2VmEntryFailed = 0x80001103,

    /// <summary>TDX_PENDING_INTERRUPT.</summary>
    PendingInterrupt = 0x00001120,

    /// <summary>TDX_TD_EXIT_BEFORE_L2_ENTRY.</summary>
    TdExitBeforeL2Entry = 0x00001140,

    /// <summary>TDX_TD_EXIT_ON_L2_VM_EXIT.</summary>
    TdExitOnL2VmExit = 0x00001141,

    /// <summary>TDX_TD_EXIT_ON_L2_TO_L1.</summary>
    TdExitOnL2ToL1 = 0x00001142,

    /// <summary>TDX_GLA_NOT_CANONICAL.</summary>
    GlaNotCanonical = 0xC0001160,
}
