namespace TdxPamt.Module;

/// <summary>A page of <see cref="SparsePhysicalMemory"/>. A writer holds its gate; a reader takes no lock.</summary>
internal sealed class MemoryPage(byte[] bytes, bool isShared)
{
    /// <summary>Odd while bytes are written.</summary>
    private int _version;

    internal byte[] Bytes { get; } = bytes;

    internal bool IsShared { get; } = isShared;

    /// <summary>Reads bytes, and reads them again if they were written meanwhile.</summary>
    internal void Read(int offset, Span<byte> destination)
    {
        ReadOnlySpan<byte> source = Bytes.AsSpan(offset, destination.Length);
        if (IsShared)
        {
            source.CopyTo(destination);
            return;
        }

        SpinWait wait = default;
        while (true)
        {
            int before = Volatile.Read(ref _version);
            source.CopyTo(destination);
            Interlocked.MemoryBarrier();
            if (before % 2 == 0 && before == Volatile.Read(ref _version))
                return;
            wait.SpinOnce();
        }
    }

    internal void Write(int offset, ReadOnlySpan<byte> source)
    {
        Volatile.Write(ref _version, unchecked(_version + 1));
        Interlocked.MemoryBarrier();
        source.CopyTo(Bytes.AsSpan(offset));
        Volatile.Write(ref _version, unchecked(_version + 1));
    }
}
