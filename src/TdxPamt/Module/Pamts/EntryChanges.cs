namespace TdxPamt.Module;

/// <summary>Writes of one call that are kept together, or taken back where memory throws in between.</summary>
/// <remarks>Not safe for many threads: each call has its own.</remarks>
internal sealed class EntryChanges(IPhysicalMemory memory)
{
    private readonly List<(ulong Address, byte[] Before)> _changes = [];

    /// <summary>Writes a few bytes.</summary>
    internal void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        byte[] before = new byte[bytes.Length];
        memory.Read(address, before);
        _changes.Add((address, before));
        memory.Write(address, bytes);
    }

    /// <summary>Takes back what was written, the last change first.</summary>
    internal void TakeBack()
    {
        for (int i = _changes.Count - 1; i >= 0; i--)
        {
            try
            {
                memory.Write(_changes[i].Address, _changes[i].Before);
            }
            catch (Exception)
            {
                // What memory threw first is on its way to the caller.
            }
        }
    }
}
