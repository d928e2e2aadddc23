namespace TdxPamt;

/// <summary>Hands out physically contiguous pages: what an embedder implements.</summary>
/// <remarks>
/// <para><see cref="TdmrConstructor"/> asks once per TDMR, in ascending order of TDMRs, and frees in the reverse order.
/// A construction calls from its own thread, so one that several share must be safe for many threads. It never asks
/// for fewer than three pages.</para>
/// <para>Every chunk is checked: it must start on a page, be RAM of the host at or above 1 MiB, and share no page with
/// a chunk that the same construction holds. On which node it lies is not checked. A chunk that is refused is handed
/// back to <see cref="Free"/> once, as it came, with two exceptions: one at address 0, and one that shares pages with a
/// chunk that is held, because its pages would then be freed twice.</para>
/// <para>After a refused chunk, or when <see cref="TryAllocate"/> throws, everything handed out before is freed and the
/// construction fails with <see cref="TdmrFailureCode.AllocatorMisbehaved"/>. What <see cref="Free"/> throws is logged,
/// does not keep other chunks from being freed, and replaces no failure.</para>
/// </remarks>
/// <example>
/// An allocator that hands out pages from the top of memory downwards:
/// <code>
/// public sealed class TopDownAllocator(HostMemory host) : IContiguousPageAllocator
/// {
///     private ulong _next = host.TdxMemoryBlocks[^1].Range.End;
///
///     public bool TryAllocate(ulong pages, ReadOnlySpan&lt;int&gt; nodes, out ulong address)
///     {
///         ulong bytes = pages * AddressRange.PageBytes;
///         bool found = host.TdxMemoryBlocks[^1].Range.Start + bytes &lt;= _next;
///         if (found)
///             _next -= bytes;
///         address = _next;
///         return found;
///     }
///
///     public void Free(ulong address, ulong pages)
///     {
///         // Chunks come back in the reverse order, so the one that is freed is the lowest.
///         _next = address + (pages * AddressRange.PageBytes);
///     }
/// }
/// </code></example>
public interface IContiguousPageAllocator
{
    /// <summary>Looks for physically contiguous pages and takes them.</summary>
    /// <param name="pages">How many 4 KiB pages are wanted, 3 or more.</param>
    /// <param name="nodes">The NUMA nodes to look in, each 0 to 1023, in this order: the first is the one the pages
    /// are wanted on, the others are those to fall back to. Nodes without memory may be among them. Valid during
    /// the call only.</param>
    /// <param name="address">The physical address of the first page, in bytes: a multiple of 4096, never 0. Not read
    /// when the method returns false.</param>
    /// <returns>False where no node has that many pages in a row: the construction then fails
    /// with <see cref="TdmrFailureCode.PamtAllocationFailed"/>.</returns>
    bool TryAllocate(ulong pages, ReadOnlySpan<int> nodes, out ulong address);

    /// <summary>Takes back a chunk, exactly as <see cref="TryAllocate"/> handed it out, once.</summary>
    /// <param name="address">The physical address of its first page, in bytes.</param>
    /// <param name="pages">How many 4 KiB pages it has.</param>
    void Free(ulong address, ulong pages);
}
