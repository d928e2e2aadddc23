namespace TdxPamt;

/// <summary>Who hands out physically contiguous pages: what an embedder implements.</summary>
/// <remarks>
/// <para>The pipeline asks once a TDMR, in ascending order of TDMRs, and frees in the reverse order. It calls from one
/// thread at a time and never asks for fewer than three pages.</para>
/// <para>Every chunk is checked: it must start on a page, be RAM of the host at or above 1 MiB, and share no page with
/// a chunk that the same construction holds. A chunk that fails the first two checks is handed back to
/// <see cref="Free"/> once, as it came, unless it is at address 0; one that shares pages is not, whatever else is wrong
/// with it, because its pages would then be freed twice. Either way, and when <see cref="TryAllocate"/> throws,
/// everything
/// handed out before is freed and the construction fails with <c>AllocatorMisbehaved</c>. On which node a chunk lies is
/// not checked. What <see cref="Free"/> throws is logged, keeps no other chunk from being freed, and replaces no
/// failure.</para>
/// </remarks>
public interface IContiguousPageAllocator
{
    /// <summary>Looks for physically contiguous pages and takes them.</summary>
    /// <param name="pages">How many 4 KiB pages are wanted, 3 or more.</param>
    /// <param name="node">The NUMA node they are wanted on, 0 to 1023.</param>
    /// <param name="fallbackOrder">The nodes to look in, in this order; the first is <paramref name="node"/>. Nodes
    /// without memory may be among them. Valid during the call only.</param>
    /// <param name="address">The physical address of the first page, in bytes: a multiple of 4096, never 0. Not read
    /// when the method returns false.</param>
    /// <returns>False where no node of the order has that many pages in a row: the construction then fails with
    /// <c>PamtAllocationFailed</c>.</returns>
    bool TryAllocate(ulong pages, int node, ReadOnlySpan<int> fallbackOrder, out ulong address);

    /// <summary>Takes back a chunk, exactly as <see cref="TryAllocate"/> handed it out, once.</summary>
    /// <param name="address">The physical address of its first page, in bytes.</param>
    /// <param name="pages">How many 4 KiB pages it has.</param>
    void Free(ulong address, ulong pages);
}
