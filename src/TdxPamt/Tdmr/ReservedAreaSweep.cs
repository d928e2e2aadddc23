namespace TdxPamt;

/// <summary>The reserved areas of TDMRs in ascending order: holes (docs/model.md#tdmr_populate_rsvd_holes) and PAMT
/// chunks clipped to the TDMR (docs/model.md#tdmr_populate_rsvd_pamts).</summary>
/// <remarks>
/// One sweep over memory and PAMTs for all TDMRs, whose areas come out sorted by offset. The kernel collects holes
/// first, then PAMTs, and sorts, which gives the same areas. A PAMT lies in a hole only where RAM is outside the CMRs
/// and the kernel takes holes from them without a test.
/// </remarks>
internal ref struct ReservedAreaSweep
{
    private readonly ReadOnlySpan<MemoryRegion> _memory;
    private readonly ReadOnlySpan<AddressRange> _pamts;
    private ReservedArea[] _areas;
    private int _nextMemory;
    private int _nextPamt;

    /// <summary>Starts before the first TDMR.</summary>
    /// <param name="memory">What is no hole, ascending: the memory blocks or, in kernels that take holes from
    /// them, the CMRs.</param>
    /// <param name="pamts">The PAMT chunks of all TDMRs, ascending.</param>
    internal ReservedAreaSweep(ReadOnlySpan<MemoryRegion> memory, ReadOnlySpan<AddressRange> pamts)
    {
        _memory = memory;
        _pamts = pamts;
        _areas = new ReservedArea[memory.Length + pamts.Length];
    }

    /// <summary>The areas of all TDMRs so far, and room after them.</summary>
    internal readonly ReservedArea[] Areas => _areas;

    /// <summary>How many areas the TDMRs so far have.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds the areas of the next TDMR.</summary>
    internal void Add(AddressRange tdmr)
    {
        ulong position = tdmr.Start;
        for (; _nextMemory < _memory.Length && _memory[_nextMemory].Range.Start < tdmr.End; _nextMemory++)
        {
            AddressRange memory = _memory[_nextMemory].Range;
            if (memory.Start > position)
                AddHole(tdmr, position, memory.Start);
            position = Math.Max(position, memory.End);
            if (memory.End > tdmr.End)
                break;
        }

        if (position < tdmr.End)
            AddHole(tdmr, position, tdmr.End);
        AddPamts(tdmr, tdmr.End);
        if (_nextPamt > 0 && _pamts[_nextPamt - 1].End > tdmr.End)
            _nextPamt--;
    }

    private void AddHole(AddressRange tdmr, ulong start, ulong end)
    {
        AddPamts(tdmr, start);
        Add(start - tdmr.Start, end - start, ReservedAreaSource.Hole);
    }

    private void AddPamts(AddressRange tdmr, ulong below)
    {
        for (; _nextPamt < _pamts.Length; _nextPamt++)
        {
            ulong start = Math.Max(_pamts[_nextPamt].Start, tdmr.Start);
            if (start >= below)
                return;
            ulong end = Math.Min(_pamts[_nextPamt].End, tdmr.End);
            if (start < end)
                Add(start - tdmr.Start, end - start, ReservedAreaSource.Pamt);
        }
    }

    private void Add(ulong offset, ulong size, ReservedAreaSource source)
    {
        if (Count == _areas.Length)
            Array.Resize(ref _areas, 2 * Count);
        _areas[Count++] = new(offset, size, source);
    }
}
