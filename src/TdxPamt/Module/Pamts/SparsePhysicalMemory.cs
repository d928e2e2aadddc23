namespace TdxPamt.Module;

/// <summary>Memory that starts filled with one byte and holds only pages that differ from that.</summary>
/// <remarks>Pages of zeros and equal pages in a row, such as entries of reserved pages, cost no memory of their own, so
/// a machine of terabytes fits where little of it is in use. Safe for many threads: each read and each write
/// is whole.</remarks>
public sealed class SparsePhysicalMemory : IPhysicalMemory
{
    private const int PageBytes = (int)AddressRange.PageBytes;
    private const int PagesOfChunk = 512;

    private static readonly byte[] Zeros = new byte[PageBytes];

    private readonly Dictionary<ulong, Page?[]> _chunks = [];
    private readonly Page _untouched;
    private readonly Page _zeros;

    /// <summary>Whole pages that were cleared, where memory did not start as zeros: ascending runs of page numbers. What
    /// was written to them since is in the chunks.</summary>
    private readonly List<(ulong Start, ulong End)> _cleared = [];
    private Page? _lastWhole;

    /// <summary>Makes memory.</summary>
    /// <param name="fill">What every byte holds before it is written.</param>
    public SparsePhysicalMemory(byte fill = 0)
    {
        byte[] bytes = new byte[PageBytes];
        bytes.AsSpan().Fill(fill);
        _untouched = new(bytes, isShared: true);
        _zeros = fill == 0 ? _untouched : new(Zeros, isShared: true);
    }

    /// <summary>How many pages of 4 KiB hold anything that was written and not cleared since.</summary>
    public int PagesWritten
    {
        get
        {
            lock (_chunks)
                return _chunks.Values.Sum(static chunk => chunk.Count(static page => page is not null));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The bytes reach beyond 2^64.</exception>
    public void Read(ulong address, Span<byte> destination)
    {
        CheckEnd(address, (ulong)destination.Length);
        lock (_chunks)
        {
            while (!destination.IsEmpty)
            {
                int offset = (int)(address % AddressRange.PageBytes);
                int count = Math.Min(destination.Length, PageBytes - offset);
                Find(address / AddressRange.PageBytes).Bytes.AsSpan(offset, count).CopyTo(destination);
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
        lock (_chunks)
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
        lock (_chunks)
        {
            while (length > 0)
            {
                int offset = (int)(address % AddressRange.PageBytes);
                ulong count = Math.Min(length, (ulong)(PageBytes - offset));
                if (count == AddressRange.PageBytes)
                {
                    count = length - (length % AddressRange.PageBytes);
                    ClearWhole(address / AddressRange.PageBytes, count / AddressRange.PageBytes);
                }
                else
                    WritePart(address / AddressRange.PageBytes, offset, Zeros.AsSpan(0, (int)count));
                length -= count;
                address = unchecked(address + count);
            }
        }
    }

    /// <summary>How much was written: <c>3 pages written</c>.</summary>
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

    private Page Find(ulong number) =>
        _chunks.TryGetValue(number / PagesOfChunk, out Page?[]? chunk) && chunk[number % PagesOfChunk] is { } page
            ? page
            : Base(number);

    /// <summary>What a page holds that is in no chunk.</summary>
    private Page Base(ulong number)
    {
        int index = FirstClearedEndingAbove(number);
        return index < _cleared.Count && _cleared[index].Start <= number ? _zeros : _untouched;
    }

    private void Put(ulong number, Page page)
    {
        Page? kept = ReferenceEquals(page, Base(number)) ? null : page;
        if (!_chunks.TryGetValue(number / PagesOfChunk, out Page?[]? chunk))
        {
            if (kept is null)
                return;
            _chunks[number / PagesOfChunk] = chunk = new Page?[PagesOfChunk];
        }

        chunk[number % PagesOfChunk] = kept;
    }

    private void WriteWhole(ulong number, ReadOnlySpan<byte> source)
    {
        Page untouched = Base(number);
        if (source.SequenceEqual(untouched.Bytes))
        {
            Put(number, untouched);
            return;
        }

        if (_lastWhole is null || !source.SequenceEqual(_lastWhole.Bytes))
            _lastWhole = new Page(source.ToArray(), isShared: true);
        Put(number, _lastWhole);
    }

    private void WritePart(ulong number, int offset, ReadOnlySpan<byte> source)
    {
        Page page = Find(number);
        if (page.IsShared && source.SequenceEqual(page.Bytes.AsSpan(offset, source.Length)))
            return;
        if (page.IsShared)
            Put(number, page = new Page([.. page.Bytes], isShared: false));
        source.CopyTo(page.Bytes.AsSpan(offset));
    }

    private void ClearWhole(ulong number, ulong count)
    {
        ulong end = number + count;
        ulong lastChunk = (end - 1) / PagesOfChunk;
        if (lastChunk - (number / PagesOfChunk) < (ulong)_chunks.Count)
        {
            for (ulong chunk = number / PagesOfChunk; chunk <= lastChunk; chunk++)
                Drop(chunk, number, end);
        }
        else
        {
            foreach (ulong chunk in _chunks.Keys.ToArray())
            {
                if (chunk >= number / PagesOfChunk && chunk <= lastChunk)
                    Drop(chunk, number, end);
            }
        }

        if (!ReferenceEquals(_zeros, _untouched))
            AddCleared(number, end);
    }

    /// <summary>Forgets the pages of a chunk from one page number up to another.</summary>
    private void Drop(ulong number, ulong start, ulong end)
    {
        if (!_chunks.TryGetValue(number, out Page?[]? chunk))
            return;
        ulong first = number * PagesOfChunk;
        ulong from = Math.Max(start, first) - first;
        ulong to = Math.Min(end, first + PagesOfChunk) - first;
        if (to - from == PagesOfChunk)
            _chunks.Remove(number);
        else
            chunk.AsSpan((int)from, (int)(to - from)).Clear();
    }

    private void AddCleared(ulong start, ulong end)
    {
        int index = start == 0 ? 0 : FirstClearedEndingAbove(start - 1);
        int count = 0;
        while (index + count < _cleared.Count && _cleared[index + count].Start <= end)
        {
            start = Math.Min(start, _cleared[index + count].Start);
            end = Math.Max(end, _cleared[index + count].End);
            count++;
        }

        _cleared.RemoveRange(index, count);
        _cleared.Insert(index, (start, end));
    }

    private int FirstClearedEndingAbove(ulong number)
    {
        int low = 0;
        int high = _cleared.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_cleared[middle].End > number)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private sealed class Page(byte[] bytes, bool isShared)
    {
        internal byte[] Bytes { get; } = bytes;

        internal bool IsShared { get; } = isShared;
    }
}
