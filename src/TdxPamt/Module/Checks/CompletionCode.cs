using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Module;

/// <summary>Bits 63:32 of a completion status, without its operands (docs/model.md#completion-status).</summary>
[SuppressMessage("Design", "CA1028", Justification = "The module's own 32 bits.")]
[SuppressMessage("Design", "CA1008", Justification = "Zero is success.")]
public enum CompletionCode : uint
{
    /// <summary>TDX_SUCCESS.</summary>
    Success = 0,

    /// <summary>TDX_TDMR_ALREADY_INITIALIZED, which is not an error (docs/model.md#sys-tdmr-init).</summary>
    TdmrAlreadyInitialized = 0x00000A03,

    /// <summary>TDX_OPERAND_INVALID, with the number of the operand's register.</summary>
    OperandInvalid = 0xC0000100,

    /// <summary>TDX_OPERAND_ADDR_RANGE_ERROR: an address in no initialised GiB, with the number of the operand's
    /// register.</summary>
    OperandAddressRangeError = 0xC0000101,

    /// <summary>TDX_PAGE_NOT_FREE, with the number of the operand's register (docs/model.md#pamt-add).</summary>
    PageNotFree = 0xC0000303,

    /// <summary>TDX_HPA_RANGE_NOT_FREE, with the number of the operand's register (docs/model.md#pamt-add).</summary>
    HpaRangeNotFree = 0xC0000304,

    /// <summary>TDX_NO_PAMT_PAGE_PAIR, with the number of the operand's register (docs/model.md#pamt-remove).</summary>
    NoPamtPagePair = 0xC0000305,

    /// <summary>TDX_PAMT_PAGE_NOT_EMPTY, with the page of the pair, 0 or 1 (docs/model.md#pamt-remove).</summary>
    PamtPageNotEmpty = 0xC0000306,

    /// <summary>TDX_SYS_NOT_READY (docs/model.md#dispatcher).</summary>
    SysNotReady = 0xC0000505,

    /// <summary>TDX_SYS_CONFIG_NOT_PENDING (docs/model.md#sys-config-call).</summary>
    SysConfigNotPending = 0xC000050C,

    /// <summary>TDX_INVALID_TDMR, with the TDMR: its range, alignment or address
    /// (docs/model.md#check-tdmr-range, #check-tdmr-alignment, #check-tdmr-keyid).</summary>
    InvalidTdmr = 0xC0000A00,

    /// <summary>TDX_NON_ORDERED_TDMR, with the TDMR: docs/model.md#check-tdmr-order.</summary>
    NonOrderedTdmr = 0xC0000A01,

    /// <summary>TDX_TDMR_OUTSIDE_CMRS, with the TDMR: docs/model.md#check-tdmr-in-cmrs.</summary>
    TdmrOutsideCmrs = 0xC0000A02,

    /// <summary>TDX_INVALID_PAMT, with the TDMR and the level: docs/model.md#check-pamt-range.</summary>
    InvalidPamt = 0xC0000A10,

    /// <summary>TDX_PAMT_OUTSIDE_CMRS, with the TDMR and the level: docs/model.md#check-pamt-in-cmrs.</summary>
    PamtOutsideCmrs = 0xC0000A11,

    /// <summary>TDX_PAMT_OVERLAP, with the TDMR, the level and the other TDMR: it overlaps a PAMT or free space
    /// (docs/model.md#check-pamt-overlaps-pamt, #check-pamt-overlaps-free).</summary>
    PamtOverlap = 0xC0000A12,

    /// <summary>TDX_INVALID_RESERVED_IN_TDMR, with the TDMR and the reserved area: its range, alignment or end
    /// (docs/model.md#check-reserved-range, #check-reserved-alignment, #check-reserved-inside).</summary>
    InvalidReservedInTdmr = 0xC0000A20,

    /// <summary>TDX_NON_ORDERED_RESERVED_IN_TDMR, with the TDMR and the reserved area: it is null or not in order
    /// (docs/model.md#check-reserved-null, #check-reserved-order).</summary>
    NonOrderedReservedInTdmr = 0xC0000A21,

    /// <summary>TDX_CMR_LIST_INVALID (docs/model.md#cmr-list).</summary>
    CmrListInvalid = 0xC0000A22,

    /// <summary>TDX_METADATA_FIELD_ID_INCORRECT (docs/model.md#sys-rd).</summary>
    MetadataFieldIdIncorrect = 0xC0000C00,
}
