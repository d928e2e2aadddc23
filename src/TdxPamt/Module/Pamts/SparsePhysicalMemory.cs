using System.Collections.Concurrent;

namespace TdxPamt.Module;

/// <summary>Memory that starts filled with one byte and holds only pages that differ from that.</summary>
/// <remarks>Pages of zeros and equal pages in a row, such as entries of reserved pages, cost no memory of their own, so
/// a machine of terabytes fits where little of it is in use. Safe for many threads: each read and each write
/// is whole.</remarks>
public sealed class SparsePhysicalMemory : IPhysicalMemory
{
    private const int PageBytes = (int)AddressRange.PageBytes;
    private const int PagesOfChunk = 512;
    private const int RecentChunks = 64;

    private static readonly byte[] Zeros = new byte[PageBytes];

    /// <summary>Locked by who writes. Who reads takes no lock.</summary>
    private readonly ConcurrentDictionary<ulong, MemoryChunk> _chunks = new();
    private readonly MemoryChunk?[] _recent = new MemoryChunk?[RecentChunks];
    private readonly Page _untouched;
    private readonly Page _zeros;

    /// <summary>Whole pages that were cleared, where memory did not start as zeros: ascending runs of page numbers.
    /// What was written to them since is in the chunks.</summary>
    private (ulong Start, ulong End)[] _cleared = [];
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
                return _chunks.Values.Sum(static chunk => chunk.Pages.Count(static page => page is not null));
        }
    }

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
        if (IsUntouched(address, length))
            return;
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

    private MemoryChunk? FindChunk(ulong number)
    {
        ref MemoryChunk? recent = ref _recent[number % RecentChunks];
        if (Volatile.Read(ref recent) is { } found && found.Number == number)
            return found;
        if (!_chunks.TryGetValue(number, out MemoryChunk? chunk))
            return null;
        Volatile.Write(ref recent, chunk);
        return chunk;
    }

    private Page Find(ulong number)
    {
        MemoryChunk? chunk = FindChunk(number / PagesOfChunk);
        Page? page = chunk is null ? null : Volatile.Read(ref chunk.Pages[number % PagesOfChunk]);
        return page ?? Base(number);
    }

    /// <summary>Whether bytes in one chunk are zeros because nothing was ever written there.</summary>
    private bool IsUntouched(ulong address, ulong length)
    {
        const ulong ChunkBytes = PagesOfChunk * AddressRange.PageBytes;
        return ReferenceEquals(_zeros, _untouched) && address % ChunkBytes <= ChunkBytes - Math.Min(length, ChunkBytes)
            && length <= ChunkBytes && FindChunk(address / ChunkBytes) is null;
    }

    /// <summary>What a page holds that is in no chunk.</summary>
    private Page Base(ulong number)
    {
        (ulong Start, ulong End)[] cleared = Volatile.Read(ref _cleared);
        int index = FirstEndingAbove(cleared, number);
        return index < cleared.Length && cleared[index].Start <= number ? _zeros : _untouched;
    }

    private void Put(ulong number, Page page)
    {
        Page? kept = ReferenceEquals(page, Base(number)) ? null : page;
        MemoryChunk? chunk = FindChunk(number / PagesOfChunk);
        if (chunk is null && kept is null)
            return;
        chunk ??= _chunks[number / PagesOfChunk] = new(number / PagesOfChunk);
        Volatile.Write(ref chunk.Pages[number % PagesOfChunk], kept);
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
        {
            page = new Page([.. page.Bytes], isShared: false);
            page.Write(offset, source);
            Put(number, page);
            return;
        }

        page.Write(offset, source);
    }

    private void ClearWhole(ulong number, ulong count)
    {
        ulong end = number + count;
        if (!ReferenceEquals(_zeros, _untouched))
            AddCleared(number, end);
        ulong firstChunk = number / PagesOfChunk;
        ulong lastChunk = (end - 1) / PagesOfChunk;
        if (lastChunk - firstChunk < (ulong)_chunks.Count)
        {
            for (ulong chunk = firstChunk; chunk <= lastChunk; chunk++)
                FindChunk(chunk)?.Drop(number, end);
            return;
        }

        foreach (MemoryChunk chunk in _chunks.Values)
        {
            if (chunk.Number >= firstChunk && chunk.Number <= lastChunk)
                chunk.Drop(number, end);
        }
    }

    private void AddCleared(ulong start, ulong end)
    {
        int index = start == 0 ? 0 : FirstEndingAbove(_cleared, start - 1);
        int behind = index;
        for (; behind < _cleared.Length && _cleared[behind].Start <= end; behind++)
        {
            start = Math.Min(start, _cleared[behind].Start);
            end = Math.Max(end, _cleared[behind].End);
        }

        Volatile.Write(ref _cleared, [.. _cleared[..index], (start, end), .. _cleared[behind..]]);
    }

    private static int FirstEndingAbove((ulong Start, ulong End)[] runs, ulong number) =>
        BinarySearch.First<(ulong Start, ulong End), ClearedRunEndsAbove>(runs, new(number));

    private readonly struct ClearedRunEndsAbove(ulong number) : ICondition<(ulong Start, ulong End)>
    {
        public bool Holds((ulong Start, ulong End) item) => item.End > number;
    }

    /// <summary>Pages in a row; null where nothing was written.</summary>
    private sealed class MemoryChunk(ulong number)
    {
        internal ulong Number { get; } = number;

        internal Page?[] Pages { get; } = new Page?[PagesOfChunk];

        /// <summary>Forgets the pages from one page number up to another.</summary>
        internal void Drop(ulong start, ulong end)
        {
            ulong first = Number * PagesOfChunk;
            ulong from = Math.Max(start, first) - first;
            ulong to = Math.Min(end, first + PagesOfChunk) - first;
            Pages.AsSpan((int)from, (int)(to - from)).Clear();
        }
    }

    private sealed class Page(byte[] bytes, bool isShared)
    {
        /// <summary>Odd while bytes are written.</summary>
        private int _version;

        internal byte[] Bytes { get; } = bytes;

        internal bool IsShared { get; } = isShared;

        /// <summary>Reads bytes, again where they were written meanwhile.</summary>
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
}
