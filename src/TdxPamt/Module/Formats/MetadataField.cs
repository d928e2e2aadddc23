namespace TdxPamt.Module;

/// <summary>The metadata fields that TDH.SYS.RD reads (docs/model.md#metadata-fields).</summary>
public enum MetadataField
{
    /// <summary>MAX_TDMRS.</summary>
    MaxTdmrs,

    /// <summary>MAX_RESERVED_PER_TDMR.</summary>
    MaxReservedPerTdmr,

    /// <summary>PAMT_4K_ENTRY_SIZE, in bytes.</summary>
    PamtEntrySize4K,

    /// <summary>PAMT_2M_ENTRY_SIZE, in bytes.</summary>
    PamtEntrySize2M,

    /// <summary>PAMT_1G_ENTRY_SIZE, in bytes.</summary>
    PamtEntrySize1G,

    /// <summary>PAMT_PAGE_BITMAP_ENTRY_BITS. Exists in modules with Dynamic PAMT only.</summary>
    PamtPageBitmapEntryBits,

    /// <summary>NUM_CMRS: 32 always.</summary>
    NumCmrs,

    /// <summary>CMR_BASE[i], i from 0 to 31.</summary>
    CmrBase,

    /// <summary>CMR_SIZE[i], i from 0 to 31; 0 for an unused one.</summary>
    CmrSize,

    /// <summary>TDX_FEATURES0; bit 36 says that there is Dynamic PAMT.</summary>
    TdxFeatures0,
}
