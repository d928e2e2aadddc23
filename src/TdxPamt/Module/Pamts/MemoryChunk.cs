namespace TdxPamt.Module;

/// <summary>Consecutive pages; null where nothing was written.</summary>
internal sealed class MemoryChunk(ulong number)
{
    /// <summary>How many pages a chunk has.</summary>
    internal const int PageCount = 512;

    internal ulong Number { get; } = number;

    internal MemoryPage?[] Pages { get; } = new MemoryPage?[PageCount];

    /// <summary>Forgets the pages from one page number up to another.</summary>
    internal void Drop(ulong start, ulong end)
    {
        ulong first = Number * PageCount;
        ulong from = Math.Max(start, first) - first;
        ulong to = Math.Min(end, first + PageCount) - first;
        Pages.AsSpan((int)from, (int)(to - from)).Clear();
    }
}
