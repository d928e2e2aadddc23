namespace TdxPamt.Module;

/// <summary>Writes of a few bytes each that are kept together, or taken back where memory throws in between.</summary>
/// <remarks>Not safe for many threads.</remarks>
internal sealed class EntryChanges(IPhysicalMemory memory)
{
    /// <summary>The most that one call writes: the bits of two pages, and an entry.</summary>
    private const int Most = 3;

    private readonly (ulong Address, int Length)[] _changes = new (ulong, int)[Most];
    private readonly byte[] _before = new byte[Most * PamtEntry.Bytes];
    private int _count;

    /// <summary>Starts changes: what is not kept when the scope ends is taken back.</summary>
    internal Scope Start() => new(this);

    /// <summary>Writes up to 16 bytes.</summary>
    internal void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        memory.Read(address, Before(_count, bytes.Length));
        _changes[_count++] = (address, bytes.Length);
        memory.Write(address, bytes);
    }

    /// <summary>Keeps what was written.</summary>
    internal void Keep() => _count = 0;

    /// <summary>The last change first.</summary>
    private void TakeBack()
    {
        while (_count > 0)
        {
            (ulong address, int length) = _changes[--_count];
            try
            {
                memory.Write(address, Before(_count, length));
            }
            catch (Exception)
            {
                // What memory threw first is on its way to the caller.
            }
        }
    }

    private Span<byte> Before(int change, int length) => _before.AsSpan(change * PamtEntry.Bytes, length);

    internal readonly ref struct Scope(EntryChanges changes)
    {
        public void Dispose() => changes.TakeBack();
    }
}
