namespace TdxPamt.Tests.Support;

/// <summary>A slow contiguous page allocator.</summary>
internal interface IModelAllocator
{
    /// <summary>The address of the first good candidate, which is then taken, or null.</summary>
    ulong? Allocate(ulong pages, List<int> nodes);

    void Free(ulong address, ulong pages);
}
