namespace TdxPamt;

/// <summary>Why no TDMRs could be constructed; docs/model.md#failures.</summary>
public enum TdmrFailureCode
{
    /// <summary>RAM lies outside the CMRs, or across the border of two.</summary>
    MemoryNotConvertible = 1,

    /// <summary>There is no RAM at or above 1 MiB.</summary>
    NoTdxMemory = 2,

    /// <summary>More TDMRs would be needed than the module takes.</summary>
    TdmrsExhausted = 3,

    /// <summary>No node had enough contiguous pages for the PAMTs of a TDMR.</summary>
    PamtAllocationFailed = 4,

    /// <summary>A TDMR would need more reserved areas than the module takes.</summary>
    ReservedAreasExhausted = 5,

    /// <summary>The allocator threw, or returned pages it must not return. Not a failure that Linux knows.</summary>
    AllocatorMisbehaved = 6,

    /// <summary>There are more memory blocks than strategies are searched for. Not a failure of Linux.</summary>
    TooManyMemoryBlocks = 7,
}
