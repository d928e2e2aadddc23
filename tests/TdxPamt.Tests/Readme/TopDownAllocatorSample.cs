namespace TdxPamt.Tests.Readme;

/// <summary>What the documentation shows of an allocator of one's own.</summary>
internal static class TopDownAllocatorSample
{
    public sealed class TopDownAllocator(HostMemory host) : IContiguousPageAllocator
    {
        private ulong _next = host.TdxMemoryBlocks[^1].Range.End;

        public bool TryAllocate(ulong pages, ReadOnlySpan<int> nodes, out ulong address)
        {
            ulong bytes = pages * AddressRange.PageBytes;
            bool found = host.TdxMemoryBlocks[^1].Range.Start + bytes <= _next;
            if (found)
                _next -= bytes;
            address = _next;
            return found;
        }

        public void Free(ulong address, ulong pages)
        {
            // Chunks come back in the reverse order, so the one that is freed is the lowest.
            _next = address + (pages * AddressRange.PageBytes);
        }
    }
}
