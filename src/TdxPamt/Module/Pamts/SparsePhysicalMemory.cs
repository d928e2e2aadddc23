namespace TdxPamt.Module;

/// <summary>Memory of all zeros that stores only the pages that are written.</summary>
/// <remarks>Pages of zeros take no room, and equal whole pages that are written one after another, such as entries of
/// reserved pages, are stored once. A machine of terabytes fits where little of it is in use. Safe for many
/// threads.</remarks>
public sealed class SparsePhysicalMemory : IPhysicalMemory
{
    private const int PageBytes = (int)AddressRange.PageBytes;

    private static readonly byte[] Zeros = new byte[PageBytes];

    private readonly Dictionary<ulong, Page> _pages = [];
    private Page? _lastWhole;

    /// <summary>How many pages of 4 KiB were written and not cleared since.</summary>
    public int PagesWritten
    {
        get
        {
            lock (_pages)
                return _pages.Count;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The bytes reach beyond 2^64.</exception>
    public void Read(ulong address, Span<byte> destination)
    {
        CheckEnd(address, (ulong)destination.Length);
        lock (_pages)
        {
            while (!destination.IsEmpty)
            {
                int offset = (int)(address % AddressRange.PageBytes);
                int count = Math.Min(destination.Length, PageBytes - offset);
                if (_pages.TryGetValue(address / AddressRange.PageBytes, out Page? page))
                    page.Bytes.AsSpan(offset, count).CopyTo(destination);
                else
                    destination[..count].Clear();
                destination = destination[count..];
                address = unchecked(address + (ulong)count);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The bytes reach beyond 2^64.</exception>
    public void Write(ulong address, ReadOnlySpan<byte> source)
    {
        CheckEnd(address, (ulong)source.Length);
        lock (_pages)
        {
            while (!source.IsEmpty)
            {
                int offset = (int)(address % AddressRange.PageBytes);
                int count = Math.Min(source.Length, PageBytes - offset);
                if (count == PageBytes)
                    WriteWhole(address / AddressRange.PageBytes, source[..count]);
                else
                    WritePart(address / AddressRange.PageBytes, offset, source[..count]);
                source = source[count..];
                address = unchecked(address + (ulong)count);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The bytes reach beyond 2^64.</exception>
    public void Clear(ulong address, ulong length)
    {
        CheckEnd(address, length);
        lock (_pages)
        {
            while (length > 0)
            {
                int offset = (int)(address % AddressRange.PageBytes);
                ulong count = Math.Min(length, (ulong)(PageBytes - offset));
                if (count == AddressRange.PageBytes)
                {
                    count = length - (length % AddressRange.PageBytes);
                    Drop(address / AddressRange.PageBytes, count / AddressRange.PageBytes);
                }
                else if (_pages.ContainsKey(address / AddressRange.PageBytes))
                {
                    Own(address / AddressRange.PageBytes).AsSpan(offset, (int)count).Clear();
                }

                length -= count;
                address = unchecked(address + count);
            }
        }
    }

    /// <summary>The number of pages: <c>3 pages written</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{PagesWritten} pages written";

    private static void CheckEnd(ulong address, ulong length)
    {
        if (length > 0 && address > ulong.MaxValue - (length - 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(address), $"{length} bytes at 0x{address:x} reach beyond 2^64");
        }
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes) => bytes.SequenceEqual(Zeros.AsSpan(0, bytes.Length));

    private void WriteWhole(ulong number, ReadOnlySpan<byte> source)
    {
        if (IsZero(source))
        {
            _pages.Remove(number);
            return;
        }

        if (_lastWhole is null || !source.SequenceEqual(_lastWhole.Bytes))
            _lastWhole = new Page(source.ToArray(), isShared: true);
        _pages[number] = _lastWhole;
    }

    private void WritePart(ulong number, int offset, ReadOnlySpan<byte> source)
    {
        if (_pages.ContainsKey(number) || !IsZero(source))
            source.CopyTo(Own(number).AsSpan(offset));
    }

    /// <summary>A page's bytes, shared with no other page.</summary>
    private byte[] Own(ulong number)
    {
        if (!_pages.TryGetValue(number, out Page? page))
            _pages[number] = page = new Page(new byte[PageBytes], isShared: false);
        else if (page.IsShared)
            _pages[number] = page = new Page([.. page.Bytes], isShared: false);
        return page.Bytes;
    }

    private void Drop(ulong number, ulong count)
    {
        if (count <= (ulong)_pages.Count)
        {
            for (ulong i = 0; i < count; i++)
                _pages.Remove(number + i);
            return;
        }

        foreach (ulong written in _pages.Keys.Where(page => page >= number && page - number < count).ToArray())
            _pages.Remove(written);
    }

    private sealed class Page(byte[] bytes, bool isShared)
    {
        internal byte[] Bytes { get; } = bytes;

        internal bool IsShared { get; } = isShared;
    }
}
