using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace TdxPamt.Module;

/// <summary>The lock words in PAMT entries: tried once, never waited for (docs/model.md#locks).</summary>
/// <remarks>
/// Bit 0 of the word is set while the lock is held exclusively, bit 1 is the host's priority, bits 15:2 count those
/// that share it. A word is read and written under a gate of this process, so that two threads never both take a lock
/// that only one of them may have. Safe for many threads.</remarks>
internal sealed class EntryLocks
{
    private const ushort Exclusive = 1;
    private const ushort HostPriority = 2;
    private const ushort Reader = 4;
    private const int Gates = 64;

    private readonly IPhysicalMemory _memory;
    private readonly object[] _gates = new object[Gates];

    /// <summary>By thread, what memory threw as a lock was given back.</summary>
    private readonly ConcurrentDictionary<int, ExceptionDispatchInfo> _failures = new();
    private volatile bool _anyFailure;

    internal EntryLocks(IPhysicalMemory memory)
    {
        _memory = memory;
        for (int i = 0; i < Gates; i++)
            _gates[i] = new();
    }

    /// <summary>A host's try. A failed one sets the host's priority; a failed try to share also
    /// counts a reader.</summary>
    internal bool Try(ulong entry, bool exclusive)
    {
        lock (Gate(entry))
        {
            ushort word = _memory.ReadWord(entry);
            bool free = exclusive ? (word & ~HostPriority) == 0 : (word & Exclusive) == 0;
            int kept = free ? word & ~HostPriority : word | HostPriority;
            Replace(entry, word, unchecked((ushort)(exclusive ? kept | (free ? Exclusive : 0) : kept + Reader)));
            return free;
        }
    }

    /// <summary>Makes the caller's share of an entry its own. A failed try gives the share back.</summary>
    internal bool TryPromote(ulong entry)
    {
        lock (Gate(entry))
        {
            ushort word = _memory.ReadWord(entry);
            ushort others = unchecked((ushort)(word - Reader));
            bool free = (others & ~HostPriority) == 0;
            Replace(entry, word, free ? Exclusive : (ushort)(others | HostPriority));
            return free;
        }
    }

    /// <summary>Gives a lock back. Where memory throws, this is tried once more, because an entry must not stay locked.
    /// If memory throws again, <see cref="ThrowFailure"/> throws what it threw first: here it could replace another
    /// exception on its way.</summary>
    internal void Release(ulong entry, bool exclusive)
    {
        lock (Gate(entry))
        {
            ushort? word = null;
            ExceptionDispatchInfo? failure = TryGiveBack(entry, exclusive, ref word);
            if (failure is not null && TryGiveBack(entry, exclusive, ref word) is not null)
            {
                _failures.TryAdd(Environment.CurrentManagedThreadId, failure);
                _anyFailure = true;
            }
        }
    }

    /// <summary>Forgets what memory threw before, on this thread, as locks were given back.</summary>
    internal void ForgetFailure() => TakeFailure();

    /// <summary>Throws what memory threw, on this thread, as locks were given back.</summary>
    internal void ThrowFailure() => TakeFailure()?.Throw();

    /// <summary>Guards what an entry shares with others: a bit of the bitmap, a pair's count.</summary>
    internal object Gate(ulong address) => _gates[(address >> 4) % Gates];

    /// <summary>Writes a word under its gate. Where memory throws, writes what was there before.</summary>
    internal void Replace(ulong address, ushort before, ushort after)
    {
        try
        {
            _memory.WriteWord(address, after);
        }
        catch
        {
            try
            {
                _memory.WriteWord(address, before);
            }
            catch (Exception)
            {
                // What memory threw first is on its way to the caller.
            }

            throw;
        }
    }

    private ExceptionDispatchInfo? TakeFailure()
    {
        int thread = Environment.CurrentManagedThreadId;
        return _anyFailure && _failures.TryRemove(thread, out ExceptionDispatchInfo? failure) ? failure : null;
    }

    private ExceptionDispatchInfo? TryGiveBack(ulong entry, bool exclusive, ref ushort? word)
    {
        try
        {
            ushort held = word ??= _memory.ReadWord(entry);
            _memory.WriteWord(entry, exclusive ? (ushort)(held & HostPriority) : unchecked((ushort)(held - Reader)));
            return null;
        }
        catch (Exception exception)
        {
            return ExceptionDispatchInfo.Capture(exception);
        }
    }

}
