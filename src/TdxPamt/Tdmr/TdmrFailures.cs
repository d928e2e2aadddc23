namespace TdxPamt;

/// <summary>Why a machine's TDMRs cannot be constructed, in the kernel's words.</summary>
internal static class TdmrFailures
{
    internal static TdmrFailure NoTdxMemory() =>
        new(TdmrFailureCode.NoTdxMemory, Errno.EINVAL, "no memory at or above 1 MiB");

    internal static TdmrFailure NotConvertible(AddressRange outside) =>
        new(
            TdmrFailureCode.MemoryNotConvertible,
            Errno.EINVAL,
            $"memory region {outside} is not TDX convertible memory")
        {
            Range = outside,
        };

    internal static TdmrFailure TdmrsExhausted(KernelModel kernel, int needed, int allowed) =>
        new(TdmrFailureCode.TdmrsExhausted, kernel.ErrnoWhenExhausted, "TDMRs exhausted")
        {
            TdmrIndex = allowed,
            Needed = (ulong)needed,
            Allowed = (ulong)allowed,
        };

    internal static TdmrFailure NoPages(int index, AddressRange tdmr, ulong pages) =>
        new(
            TdmrFailureCode.PamtAllocationFailed,
            Errno.ENOMEM,
            $"TDMR {tdmr}: no {pages} contiguous pages for its PAMTs")
        {
            TdmrIndex = index,
            Range = tdmr,
            Needed = pages,
        };

    internal static TdmrFailure AreasExhausted(
        KernelModel kernel, int index, AddressRange tdmr, ValueList<ReservedArea> areas, int allowed) =>
        new(
            TdmrFailureCode.ReservedAreasExhausted,
            kernel.ErrnoWhenExhausted,
            $"TDMR {tdmr}: reserved areas exhausted")
        {
            TdmrIndex = index,
            Range = tdmr,
            Needed = (ulong)areas.Count,
            Allowed = (ulong)allowed,
            ReservedAreas = areas,
        };
}
