using System.Buffers.Binary;

namespace TdxPamt.Module;

/// <summary>The lock words in PAMT entries: tried once, never waited for (docs/model.md#locks).</summary>
/// <remarks>
/// Bit 0 of the word is set by a holder alone, bit 1 is the host's priority, bits 15:2 count those that share. A word is
/// read and written under a gate of this process, so a lock is taken by one thread or by another, never by both. Safe for
/// many threads.
/// </remarks>
internal sealed class EntryLocks
{
    private const ushort Exclusive = 1;
    private const ushort HostPriority = 2;
    private const ushort Reader = 4;
    private const int Gates = 64;

    private readonly IPhysicalMemory _memory;
    private readonly object[] _gates = new object[Gates];

    internal EntryLocks(IPhysicalMemory memory)
    {
        _memory = memory;
        for (int i = 0; i < Gates; i++)
            _gates[i] = new();
    }

    /// <summary>A host's try. A failed one leaves the host's priority behind; a failed try to share, a reader too.</summary>
    internal bool Try(ulong entry, bool exclusive)
    {
        lock (Gate(entry))
        {
            ushort word = Read(entry);
            bool free = exclusive ? (word & ~HostPriority) == 0 : (word & Exclusive) == 0;
            ushort after = exclusive
                ? free ? Exclusive : (ushort)(word | HostPriority)
                : free ? (ushort)((word & ~HostPriority) + Reader) : unchecked((ushort)((word | HostPriority) + Reader));
            try
            {
                Write(entry, after);
            }
            catch
            {
                PutBack(entry, word);
                throw;
            }

            return free;
        }
    }

    /// <summary>Gives a lock back. Where memory throws, it is tried once more, for an entry must not stay locked; what
    /// memory throws here reaches nobody, for the call has done its work.</summary>
    internal void Release(ulong entry, bool exclusive)
    {
        lock (Gate(entry))
        {
            ushort? word = null;
            if (!TryGiveBack(entry, exclusive, ref word))
                TryGiveBack(entry, exclusive, ref word);
        }
    }

    /// <summary>Guards what an entry shares with others: a bit of the bitmap, a pair's count.</summary>
    internal object Gate(ulong address) => _gates[(address >> 4) % Gates];

    private bool TryGiveBack(ulong entry, bool exclusive, ref ushort? word)
    {
        try
        {
            ushort held = word ??= Read(entry);
            Write(entry, exclusive ? (ushort)(held & HostPriority) : unchecked((ushort)(held - Reader)));
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private void PutBack(ulong entry, ushort word)
    {
        try
        {
            Write(entry, word);
        }
        catch (Exception)
        {
            // What memory threw first is on its way to the caller.
        }
    }

    private ushort Read(ulong entry)
    {
        Span<byte> word = stackalloc byte[2];
        _memory.Read(entry, word);
        return BinaryPrimitives.ReadUInt16LittleEndian(word);
    }

    private void Write(ulong entry, ushort value)
    {
        Span<byte> word = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(word, value);
        _memory.Write(entry, word);
    }
}
