namespace TdxPamt.Module;

/// <summary>Chunks by their number: a hash table with open addressing, in which a look-up takes no lock. Chunks are
/// added and never removed.</summary>
internal sealed class MemoryChunks
{
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    /// <summary>A power of two of slots, at most half of them taken.</summary>
    private MemoryChunk?[] _slots = new MemoryChunk?[64];
    private int _count;

    /// <summary>The chunks so far, in no order.</summary>
    internal IEnumerable<MemoryChunk> All => Volatile.Read(ref _slots).OfType<MemoryChunk>();

    internal MemoryChunk? Find(ulong number)
    {
        MemoryChunk?[] slots = Volatile.Read(ref _slots);
        for (uint slot = FirstSlot(number); ; slot++)
        {
            MemoryChunk? chunk = Volatile.Read(ref slots[slot & (slots.Length - 1)]);
            if (chunk is null || chunk.Number == number)
                return chunk;
        }
    }

    /// <summary>Finds a chunk or adds it. The caller has locked this object.</summary>
    internal MemoryChunk GetOrAdd(ulong number)
    {
        if (Find(number) is { } found)
            return found;
        if (2 * ++_count > _slots.Length)
            Volatile.Write(ref _slots, Grow(_slots));
        MemoryChunk chunk = new(number);
        Put(_slots, chunk);
        return chunk;
    }

    private static uint FirstSlot(ulong number) => (uint)(unchecked(number * GoldenRatio) >> 33);

    private static void Put(MemoryChunk?[] slots, MemoryChunk chunk)
    {
        uint slot = FirstSlot(chunk.Number);
        while (slots[slot & (slots.Length - 1)] is not null)
            slot++;
        Volatile.Write(ref slots[slot & (slots.Length - 1)], chunk);
    }

    private static MemoryChunk?[] Grow(MemoryChunk?[] slots)
    {
        MemoryChunk?[] grown = new MemoryChunk?[2 * slots.Length];
        foreach (MemoryChunk chunk in slots.OfType<MemoryChunk>())
            Put(grown, chunk);
        return grown;
    }
}
