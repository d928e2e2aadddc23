using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Module;

/// <summary>What a completion status says, without its operands: bits 63:32.</summary>
[SuppressMessage("Design", "CA1028", Justification = "The module's own 32 bits.")]
[SuppressMessage("Design", "CA1008", Justification = "Zero is success.")]
public enum CompletionCode : uint
{
    /// <summary>TDX_SUCCESS.</summary>
    Success = 0,

    /// <summary>TDX_TDMR_ALREADY_INITIALIZED, which is not an error.</summary>
    TdmrAlreadyInitialized = 0x00000A03,

    /// <summary>TDX_OPERAND_INVALID, with the operand's register.</summary>
    OperandInvalid = 0xC0000100,

    /// <summary>TDX_OPERAND_ADDR_RANGE_ERROR: an address in no initialised GiB, with the operand's register.</summary>
    OperandAddressRangeError = 0xC0000101,

    /// <summary>TDX_PAGE_NOT_FREE, with the operand's register.</summary>
    PageNotFree = 0xC0000303,

    /// <summary>TDX_HPA_RANGE_NOT_FREE, with the operand's register.</summary>
    HpaRangeNotFree = 0xC0000304,

    /// <summary>TDX_NO_PAMT_PAGE_PAIR, with the operand's register.</summary>
    NoPamtPagePair = 0xC0000305,

    /// <summary>TDX_PAMT_PAGE_NOT_EMPTY, with the page of the pair, 0 or 1.</summary>
    PamtPageNotEmpty = 0xC0000306,

    /// <summary>TDX_SYS_NOT_READY.</summary>
    SysNotReady = 0xC0000505,

    /// <summary>TDX_SYS_CONFIG_NOT_PENDING.</summary>
    SysConfigNotPending = 0xC000050C,

    /// <summary>TDX_INVALID_TDMR, with the TDMR: T1, T4, T5.</summary>
    InvalidTdmr = 0xC0000A00,

    /// <summary>TDX_NON_ORDERED_TDMR, with the TDMR: T2, T3.</summary>
    NonOrderedTdmr = 0xC0000A01,

    /// <summary>TDX_TDMR_OUTSIDE_CMRS, with the TDMR: T8.</summary>
    TdmrOutsideCmrs = 0xC0000A02,

    /// <summary>TDX_INVALID_PAMT, with the TDMR and the level: T7.1.</summary>
    InvalidPamt = 0xC0000A10,

    /// <summary>TDX_PAMT_OUTSIDE_CMRS, with the TDMR and the level: T7.4.</summary>
    PamtOutsideCmrs = 0xC0000A11,

    /// <summary>TDX_PAMT_OVERLAP, with the TDMR, the level and the other TDMR: T7.2, T7.3.</summary>
    PamtOverlap = 0xC0000A12,

    /// <summary>TDX_INVALID_RESERVED_IN_TDMR, with the TDMR and the reserved area: T6.</summary>
    InvalidReservedInTdmr = 0xC0000A20,

    /// <summary>TDX_NON_ORDERED_RESERVED_IN_TDMR, with the TDMR and the reserved area: T6.</summary>
    NonOrderedReservedInTdmr = 0xC0000A21,

    /// <summary>TDX_CMR_LIST_INVALID.</summary>
    CmrListInvalid = 0xC0000A22,

    /// <summary>TDX_METADATA_FIELD_ID_INCORRECT.</summary>
    MetadataFieldIdIncorrect = 0xC0000C00,
}
