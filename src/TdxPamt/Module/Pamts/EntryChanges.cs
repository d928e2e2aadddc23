namespace TdxPamt.Module;

/// <summary>The writes of one call. Unless <see cref="Keep"/> is called, because memory throws or a later step is
/// refused, <see cref="Dispose"/> undoes them, the last one first.</summary>
/// <remarks>Not safe for many threads: each call has its own.</remarks>
internal sealed class EntryChanges(IPhysicalMemory memory, EntryLocks locks) : IDisposable
{
    private readonly List<Action> _undo = [];

    /// <summary>Writes a few bytes that the caller has locked.</summary>
    internal void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        byte[] before = new byte[bytes.Length];
        memory.Read(address, before);
        _undo.Add(() => memory.Write(address, before));
        memory.Write(address, bytes);
    }

    /// <summary>Changes a word that others change at the same time.</summary>
    /// <param name="address">Where it lies: an even address.</param>
    /// <param name="change">From the word before to the one after; if they are equal, nothing is written.</param>
    /// <param name="undo">The change back, from a word in which others may have changed other bits.</param>
    /// <returns>The word before.</returns>
    internal ushort Change(ulong address, Func<ushort, ushort> change, Func<ushort, ushort> undo)
    {
        lock (locks.Gate(address))
        {
            ushort before = memory.ReadWord(address);
            ushort after = change(before);
            if (after == before)
                return before;
            locks.Replace(address, before, after);
            _undo.Add(() => TakeBack(address, undo));
            return before;
        }
    }

    /// <summary>Keeps what was written.</summary>
    internal void Keep() => _undo.Clear();

    public void Dispose()
    {
        for (int i = _undo.Count - 1; i >= 0; i--)
            Quietly(_undo[i]);
    }

    private void TakeBack(ulong address, Func<ushort, ushort> undo)
    {
        lock (locks.Gate(address))
            memory.WriteWord(address, undo(memory.ReadWord(address)));
    }

    private static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception)
        {
            // What memory threw first is on its way to the caller.
        }
    }
}
