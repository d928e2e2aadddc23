namespace TdxPamt.Module;

/// <summary>Memory that starts filled with one byte and holds only pages that differ from that.</summary>
/// <remarks>Pages of zeros, and equal pages that are written one after another, such as entries of reserved pages, cost
/// no memory of their own, so a machine of terabytes fits where little of it is in use. Safe for many threads: a read
/// sees each write to a page as a whole or not at all.</remarks>
public sealed class SparsePhysicalMemory : IPhysicalMemory
{
    private const int PageBytes = (int)AddressRange.PageBytes;
    private const int PagesOfChunk = MemoryChunk.PageCount;
    private const int Gates = 64;

    private static readonly byte[] Zeros = new byte[PageBytes];

    private readonly MemoryChunks _chunks = new();

    /// <summary>A writer locks the gate of its page, which every 64th page shares. A reader takes no lock.</summary>
    private readonly object[] _gates = new object[Gates];
    private readonly MemoryPage _untouched;
    private readonly MemoryPage _zeros;

    /// <summary>Whole pages that were cleared, where memory did not start as zeros: ascending runs of page numbers.
    /// What was written to them since is in the chunks.</summary>
    private (ulong Start, ulong End)[] _cleared = [];
    private MemoryPage? _lastWhole;

    /// <summary>Makes memory.</summary>
    /// <param name="fill">What every byte holds before it is written.</param>
    public SparsePhysicalMemory(byte fill = 0)
    {
        byte[] bytes = new byte[PageBytes];
        bytes.AsSpan().Fill(fill);
        _untouched = new(bytes, isShared: true);
        _zeros = fill == 0 ? _untouched : new(Zeros, isShared: true);
        for (int i = 0; i < Gates; i++)
            _gates[i] = new();
    }

    /// <summary>How many pages of 4 KiB hold anything that was written and not cleared since.</summary>
    public int PagesWritten => _chunks.All.Sum(static chunk => chunk.Pages.Count(static page => page is not null));

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The bytes reach beyond 2^64.</exception>
    public void Read(ulong address, Span<byte> destination)
    {
        CheckEnd(address, (ulong)destination.Length);
        while (!destination.IsEmpty)
        {
            int offset = (int)(address % AddressRange.PageBytes);
            int count = Math.Min(destination.Length, PageBytes - offset);
            Find(address / AddressRange.PageBytes).Read(offset, destination[..count]);
            destination = destination[count..];
            address = unchecked(address + (ulong)count);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The bytes reach beyond 2^64.</exception>
    public void Write(ulong address, ReadOnlySpan<byte> source)
    {
        CheckEnd(address, (ulong)source.Length);
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

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The bytes reach beyond 2^64.</exception>
    public void Clear(ulong address, ulong length)
    {
        CheckEnd(address, length);
        if (IsUntouched(address, length))
            return;
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

    private object Gate(ulong number) => _gates[number % Gates];

    private MemoryPage Find(ulong number)
    {
        MemoryChunk? chunk = _chunks.Find(number / PagesOfChunk);
        MemoryPage? page = chunk is null ? null : Volatile.Read(ref chunk.Pages[number % PagesOfChunk]);
        return page ?? Base(number);
    }

    /// <summary>Whether bytes in one chunk are zeros because nothing was ever written there.</summary>
    private bool IsUntouched(ulong address, ulong length)
    {
        const ulong ChunkBytes = PagesOfChunk * AddressRange.PageBytes;
        return ReferenceEquals(_zeros, _untouched) && address % ChunkBytes <= ChunkBytes - Math.Min(length, ChunkBytes)
            && length <= ChunkBytes && _chunks.Find(address / ChunkBytes) is null;
    }

    /// <summary>What a page holds that is in no chunk.</summary>
    private MemoryPage Base(ulong number)
    {
        (ulong Start, ulong End)[] cleared = Volatile.Read(ref _cleared);
        int index = FirstEndingAbove(cleared, number);
        return index < cleared.Length && cleared[index].Start <= number ? _zeros : _untouched;
    }

    private void Put(ulong number, MemoryPage page)
    {
        MemoryPage? kept = ReferenceEquals(page, Base(number)) ? null : page;
        MemoryChunk? chunk = _chunks.Find(number / PagesOfChunk);
        if (chunk is null && kept is null)
            return;
        if (chunk is null)
        {
            lock (_chunks)
                chunk = _chunks.GetOrAdd(number / PagesOfChunk);
        }

        Volatile.Write(ref chunk.Pages[number % PagesOfChunk], kept);
    }

    private void WriteWhole(ulong number, ReadOnlySpan<byte> source)
    {
        lock (Gate(number))
        {
            MemoryPage page = Base(number);
            if (!source.SequenceEqual(page.Bytes))
            {
                page = Volatile.Read(ref _lastWhole) is { } last && source.SequenceEqual(last.Bytes)
                    ? last
                    : new MemoryPage(source.ToArray(), isShared: true);
                Volatile.Write(ref _lastWhole, page);
            }

            Put(number, page);
        }
    }

    private void WritePart(ulong number, int offset, ReadOnlySpan<byte> source)
    {
        lock (Gate(number))
        {
            MemoryPage page = Find(number);
            if (page.IsShared && source.SequenceEqual(page.Bytes.AsSpan(offset, source.Length)))
                return;
            if (page.IsShared)
            {
                page = new MemoryPage([.. page.Bytes], isShared: false);
                page.Write(offset, source);
                Put(number, page);
                return;
            }

            page.Write(offset, source);
        }
    }

    private void ClearWhole(ulong number, ulong count)
    {
        if (!ReferenceEquals(_zeros, _untouched))
            AddCleared(number, number + count);
        if (count > Gates)
        {
            DropMany(number, number + count, gate: 0);
            return;
        }

        for (ulong page = number; page < number + count; page++)
        {
            lock (Gate(page))
                _chunks.Find(page / PagesOfChunk)?.Drop(page, page + 1);
        }
    }

    /// <summary>Takes the gates from one on, in order, so that nobody writes, and then forgets pages.</summary>
    private void DropMany(ulong number, ulong end, int gate)
    {
        if (gate < Gates)
        {
            lock (_gates[gate])
                DropMany(number, end, gate + 1);
            return;
        }

        foreach (MemoryChunk chunk in _chunks.All)
        {
            if (chunk.Number >= number / PagesOfChunk && chunk.Number <= (end - 1) / PagesOfChunk)
                chunk.Drop(number, end);
        }
    }

    private void AddCleared(ulong start, ulong end)
    {
        lock (_chunks)
        {
            int index = start == 0 ? 0 : FirstEndingAbove(_cleared, start - 1);
            int behind = index;
            for (; behind < _cleared.Length && _cleared[behind].Start <= end; behind++)
            {
                start = Math.Min(start, _cleared[behind].Start);
                end = Math.Max(end, _cleared[behind].End);
            }

            Volatile.Write(ref _cleared, [.. _cleared.AsSpan(0, index), (start, end), .. _cleared.AsSpan(behind)]);
        }
    }

    private static int FirstEndingAbove((ulong Start, ulong End)[] runs, ulong number) =>
        BinarySearch.First<(ulong Start, ulong End), ClearedRunEndsAbove>(runs, new(number));

    private readonly struct ClearedRunEndsAbove(ulong number) : ICondition<(ulong Start, ulong End)>
    {
        public bool Holds((ulong Start, ulong End) item) => item.End > number;
    }
}
