namespace TdxPamt;

/// <summary>Finds the runs of pages that can be handed out, in ascending order, each in one zone of one node: the RAM
/// at or above 1 MiB that is not blocked.</summary>
/// <param name="runs">Room for the runs: see <see cref="MaxRuns"/>.</param>
/// <param name="slots">As much room for the slot of each run: see <see cref="SlotOf"/>.</param>
internal ref struct FreeRunSweep(Span<PageRun> runs, Span<short> slots)
{
    private readonly Span<PageRun> _runs = runs;
    private readonly Span<short> _slots = slots;

    /// <summary>How many runs were found.</summary>
    internal int Count { get; private set; }

    /// <summary>How many runs there can be: each blocked range, and each of the two limits between zones, cuts at most
    /// one run in two.</summary>
    internal static int MaxRuns(int blocks, int blocked) => blocks + blocked + ZoneLimits.Count - 1;

    /// <summary>The slot of a zone of a node: slots ascend with nodes, then zones.</summary>
    internal static int SlotOf(int node, MemoryZone zone) => (node * ZoneLimits.Count) + (int)zone;

    /// <summary>Finds the runs.</summary>
    /// <param name="blocks">The memory blocks.</param>
    /// <param name="blocked">The blocked ranges, in ascending order of their starts.</param>
    internal void Run(ReadOnlySpan<MemoryRegion> blocks, ReadOnlySpan<BlockedRange> blocked)
    {
        int next = 0;
        int count = 0;
        ulong blockedUpTo = 0;
        foreach (MemoryRegion block in blocks)
        {
            ulong position = Math.Max(block.Range.Start, blockedUpTo);
            for (; next < blocked.Length && blocked[next].Range.Start < block.Range.End; next++)
            {
                AddressRange cut = blocked[next].Range;
                if (cut.Start > position)
                    count = Add(count, block.Node, position, cut.Start);
                blockedUpTo = Math.Max(blockedUpTo, cut.End);
                position = Math.Max(position, cut.End);
            }

            if (position < block.Range.End)
                count = Add(count, block.Node, position, block.Range.End);
        }

        Count = count;
    }

    /// <summary>Puts the runs of each slot behind those of the slots before it.</summary>
    /// <param name="ends">Gets the position after the last run of each slot; all 0 before, and one longer than there
    /// are slots.</param>
    /// <returns>The runs.</returns>
    internal readonly PageRun[] SortBySlot(Span<int> ends)
    {
        for (int i = 0; i < Count; i++)
            ends[_slots[i] + 1]++;
        for (int slot = 1; slot < ends.Length; slot++)
            ends[slot] += ends[slot - 1];
        PageRun[] sorted = new PageRun[Count];
        for (int i = 0; i < Count; i++)
            sorted[ends[_slots[i]]++] = _runs[i];
        return sorted;
    }

    /// <summary>Adds the pages between two addresses, cut where zones meet.</summary>
    /// <returns>How many runs there are now.</returns>
    private readonly int Add(int count, int node, ulong start, ulong end)
    {
        ulong first = start / AddressRange.PageBytes;
        ulong last = end / AddressRange.PageBytes;
        while (first < last)
        {
            MemoryZone zone = ZoneLimits.ZoneOf(first);
            ulong stop = zone == MemoryZone.Normal ? last : Math.Min(last, ZoneLimits.PagesOf(zone).End);
            _runs[count] = new(first, stop);
            _slots[count++] = (short)SlotOf(node, zone);
            first = stop;
        }

        return count;
    }
}
