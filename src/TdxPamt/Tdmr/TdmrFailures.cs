namespace TdxPamt;

/// <summary>The failures of a construction, with the kernel's errors and words; docs/model.md#failures.</summary>
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

    /// <summary>The allocator threw.</summary>
    internal static TdmrFailure Threw(int index, AddressRange tdmr, Exception exception) =>
        Misbehaved(index, tdmr, $"threw {exception.GetType().Name}: {exception.Message}", exception);

    /// <summary>The allocator returned pages that it must not return.</summary>
    internal static TdmrFailure NotTdxMemory(int index, AddressRange tdmr, ulong address, ulong pages) =>
        Misbehaved(
            index,
            tdmr,
            address % AddressRange.PageBytes != 0
                ? $"returned 0x{address:x}, which is not the address of a page"
                : $"returned {pages} pages at 0x{address:x}, which are not all TDX memory of this host");

    /// <summary>The allocator returned pages a second time.</summary>
    internal static TdmrFailure Overlapping(int index, AddressRange tdmr, AddressRange chunk, AddressRange sharing) =>
        Misbehaved(index, tdmr, $"returned {chunk}, which overlaps {sharing}, already handed out");

    internal static TdmrFailure TooManyMemoryBlocks(int blocks, int allowed) =>
        new(
            TdmrFailureCode.TooManyMemoryBlocks,
            errno: null,
            FormattableString.Invariant($"strategies are not searched for hosts of more than {allowed} memory blocks"))
        {
            Needed = (ulong)blocks,
            Allowed = (ulong)allowed,
        };

    private static TdmrFailure Misbehaved(int index, AddressRange tdmr, string how, Exception? cause = null) =>
        new(TdmrFailureCode.AllocatorMisbehaved, errno: null, $"TDMR {tdmr}: the page allocator {how}")
        {
            TdmrIndex = index,
            Range = tdmr,
            Cause = cause,
        };
}
