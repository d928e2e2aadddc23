using System.Runtime.CompilerServices;

namespace TdxPamt;

/// <summary>An allocator over a <see cref="FreePageIndex"/>: it knows what is handed out, and the order of
/// nodes and zones.</summary>
/// <remarks>
/// <para>All such allocators look through the nodes in the order asked for, and inside a node through the zones Normal,
/// DMA32, DMA. They differ in which pages of a zone they choose. A chunk never lies in two zones.</para>
/// <para>The same requests get the same answers. Not safe for many threads; many allocators may share an index.</para>
/// </remarks>
public abstract class PageAllocator : IContiguousPageAllocator
{
    private protected PageAllocator(FreePageIndex index)
    {
        Index = Preconditions.NotNull(index, nameof(index));
    }

    /// <summary>The pages that it hands out.</summary>
    public FreePageIndex Index { get; }

    /// <summary>How many 4 KiB pages are handed out.</summary>
    public ulong PagesInUse { get; private set; }

    /// <summary>The pages in use: those handed out and, in a simulation, those that
    /// fragmentation makes unusable.</summary>
    internal BusyPages Busy { get; } = new();

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pages"/> is 0.</exception>
    public bool TryAllocate(ulong pages, ReadOnlySpan<int> nodes, out ulong address)
    {
        bool found = TryAllocate(pages, nodes, out ulong first, out _);
        address = first * AddressRange.PageBytes;
        return found;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">That chunk is not handed out.</exception>
    public void Free(ulong address, ulong pages)
    {
        ulong first = address / AddressRange.PageBytes;
        if (address % AddressRange.PageBytes != 0 || !Busy.TryRemove(new(first, unchecked(first + pages))))
            ThrowNotHandedOut(address, pages);
        PagesInUse -= pages;
    }

    /// <summary>The allocator's type and how much is handed out.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{GetType().Name}: {PagesInUse} pages in use";

    /// <summary>Takes pages on a node, or else where its fallback order leads.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal bool TryAllocate(ulong pages, int node, out ulong address)
    {
        // A node that has zones has RAM, so its order starts with it, and is needed only where it has no room.
        if (pages == 0 || !TryFind(Index.ZonesOf(node), pages, out ulong first))
            return TryAllocate(pages, Index.Host.FallbackOrder(node), out address);
        Take(first, pages);
        address = first * AddressRange.PageBytes;
        return true;
    }

    /// <summary>Takes pages, and says on which node they are.</summary>
    internal bool TryAllocate(ulong pages, ReadOnlySpan<int> nodes, out ulong first, out int node)
    {
        if (pages == 0)
            ThrowOutOfRange(pages);
        if (!TryFind(Index, pages, nodes, out first, out node)
            && (SecondPass(pages) is not { } second || !TryFind(second, pages, nodes, out first, out node)))
        {
            return false;
        }

        Take(first, pages);
        return true;
    }

    /// <summary>Makes every page free.</summary>
    internal void Reset()
    {
        Busy.Clear();
        PagesInUse = 0;
    }

    /// <summary>Where to search again for pages that were not found; null ends the search.</summary>
    private protected virtual FreePageIndex? SecondPass(ulong pages) => null;

    /// <summary>Chooses pages of a zone that are not in use.</summary>
    private protected abstract bool TryFind(in Zone zone, ulong pages, out ulong first);

    private bool TryFind(FreePageIndex index, ulong pages, ReadOnlySpan<int> nodes, out ulong first, out int node)
    {
        foreach (int candidate in nodes)
        {
            if (!TryFind(index.ZonesOf(candidate), pages, out first))
                continue;
            node = candidate;
            return true;
        }

        first = 0;
        node = 0;
        return false;
    }

    private bool TryFind(ReadOnlySpan<Zone> zones, ulong pages, out ulong first)
    {
        foreach (ref readonly Zone zone in zones)
        {
            if (zone.LongestRun >= pages && TryFind(zone, pages, out first))
                return true;
        }

        first = 0;
        return false;
    }

    private void Take(ulong first, ulong pages)
    {
        Busy.Add(new(first, first + pages));
        PagesInUse += pages;
    }

    private static void ThrowOutOfRange(ulong pages) =>
        throw new ArgumentOutOfRangeException(nameof(pages), pages, "pages must be 1 or more");

    private static void ThrowNotHandedOut(ulong address, ulong pages) =>
        throw new ArgumentException($"{pages} pages at 0x{address:x} are not handed out");
}
