namespace TdxPamt.Module;

/// <summary>Allocates single pages for the pairs of Dynamic PAMT: what an embedder implements.</summary>
/// <remarks>It is called from many threads at once. What a method throws reaches the caller of
/// <see cref="DynamicPamtPairs"/>, except what <see cref="Free"/> throws after another failure: that failure is the one
/// that is reported. A page that the module is already using, and the second of two equal pages, is refused and not
/// freed, because it would then be freed twice.</remarks>
public interface IPamtPageSource
{
    /// <summary>Allocates a page.</summary>
    /// <param name="page">The page's physical address, in bytes: a multiple of 4096, in a TDMR, used by nothing else.
    /// Ignored where the method returns false.</param>
    /// <returns>False where no page is left.</returns>
    bool TryAllocate(out ulong page);

    /// <summary>Frees a page, once.</summary>
    /// <param name="page">The page's physical address, in bytes.</param>
    void Free(ulong page);
}
