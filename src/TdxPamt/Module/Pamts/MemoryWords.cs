using System.Buffers.Binary;

namespace TdxPamt.Module;

/// <summary>Words of 16 bits: locks and counts of PAMT entries, parts of bitmaps.</summary>
internal static class MemoryWords
{
    internal static ushort ReadWord(this IPhysicalMemory memory, ulong address)
    {
        Span<byte> word = stackalloc byte[2];
        memory.Read(address, word);
        return BinaryPrimitives.ReadUInt16LittleEndian(word);
    }

    internal static void WriteWord(this IPhysicalMemory memory, ulong address, ushort value)
    {
        Span<byte> word = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(word, value);
        memory.Write(address, word);
    }
}
