using TdxPamt.Module;

namespace TdxPamt.Embedder;

/// <summary>Physical memory in pages, those that are zero left out.</summary>
internal sealed class PagedMemory : IPhysicalMemory
{
    private const int PageSize = 4096;

    private readonly Dictionary<ulong, byte[]> _pages = [];

    public void Read(ulong address, Span<byte> destination)
    {
        for (int done = 0; done < destination.Length;)
        {
            (ulong page, int offset, int length) = Piece(address + (ulong)done, destination.Length - done);
            Span<byte> piece = destination.Slice(done, length);
            if (_pages.TryGetValue(page, out byte[]? bytes))
                bytes.AsSpan(offset, length).CopyTo(piece);
            else
                piece.Clear();
            done += length;
        }
    }

    public void Write(ulong address, ReadOnlySpan<byte> source)
    {
        for (int done = 0; done < source.Length;)
        {
            (ulong page, int offset, int length) = Piece(address + (ulong)done, source.Length - done);
            if (!_pages.TryGetValue(page, out byte[]? bytes))
                _pages[page] = bytes = new byte[PageSize];
            source.Slice(done, length).CopyTo(bytes.AsSpan(offset));
            done += length;
        }
    }

    public void Clear(ulong address, ulong length)
    {
        foreach (KeyValuePair<ulong, byte[]> page in _pages)
        {
            ulong start = Math.Max(page.Key, address);
            ulong end = Math.Min(page.Key + PageSize, address + length);
            if (start < end)
                page.Value.AsSpan((int)(start - page.Key), (int)(end - start)).Clear();
        }
    }

    private static (ulong Page, int Offset, int Length) Piece(ulong address, int length)
    {
        int offset = (int)(address % PageSize);
        return (address - (ulong)offset, offset, Math.Min(length, PageSize - offset));
    }
}
