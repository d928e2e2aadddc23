namespace TdxPamt.Module;

/// <summary>Who hands out single pages for the pairs of Dynamic PAMT: what an embedder implements.</summary>
/// <remarks>It is called from many threads at once. What a method throws reaches the caller of
/// <see cref="DynamicPamtPairs"/>, but for what <see cref="Free"/> throws after another failure, which stays the one
/// that is told. A page that the module is using already, and the second of two equal pages, is refused and not handed
/// back, because it would then be freed twice.</remarks>
public interface IPamtPageSource
{
    /// <summary>Takes a page.</summary>
    /// <param name="page">The page's physical address, in bytes: a multiple of 4096, in a TDMR, used by nothing else.
    /// Not read when the method returns false.</param>
    /// <returns>False where there is no page left.</returns>
    bool TryAllocate(out ulong page);

    /// <summary>Takes a page back, once.</summary>
    /// <param name="page">The page's physical address, in bytes.</param>
    void Free(ulong page);
}
