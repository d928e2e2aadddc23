namespace TdxPamt.Embedder;

/// <summary>Hands out pages from the top of memory downwards, whatever the node.</summary>
internal sealed class TopDownAllocator(HostMemory host) : IContiguousPageAllocator
{
    private ulong _next = host.TdxMemoryBlocks[host.TdxMemoryBlocks.Count - 1].Range.End;

    public ulong PagesInUse { get; private set; }

    public bool TryAllocate(ulong pages, ReadOnlySpan<int> nodes, out ulong address)
    {
        address = _next -= pages * 4096;
        PagesInUse += pages;
        return true;
    }

    public void Free(ulong address, ulong pages) => PagesInUse -= pages;
}
