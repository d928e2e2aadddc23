using TdxPamt;

namespace Samples;

/// <summary>Takes the lowest free pages of the first node that has enough in a row.</summary>
internal sealed class LowestPagesAllocator(HostMemory host) : IContiguousPageAllocator
{
    private readonly SortedDictionary<ulong, ulong> _chunks = []; // the first byte of each, and the first byte after it

    public ulong PagesInUse { get; private set; }

    public bool TryAllocate(ulong pages, ReadOnlySpan<int> nodes, out ulong address)
    {
        foreach (int node in nodes)
        {
            foreach (MemoryRegion block in host.TdxMemoryBlocks)
            {
                if (block.Node == node && TryFind(block.Range, pages * AddressRange.PageBytes, out address))
                {
                    _chunks.Add(address, address + (pages * AddressRange.PageBytes));
                    PagesInUse += pages;
                    return true;
                }
            }
        }

        address = 0;
        return false;
    }

    public void Free(ulong address, ulong pages)
    {
        _chunks.Remove(address);
        PagesInUse -= pages;
    }

    private bool TryFind(AddressRange block, ulong bytes, out ulong address)
    {
        address = block.Start;
        foreach ((ulong start, ulong end) in _chunks)
        {
            if (start < address + bytes && end > address)
                address = end;
        }

        return address + bytes <= block.End;
    }
}
