namespace TdxPamt;

/// <summary>Step 7: the reserved areas of TDMRs in ascending order: holes, and PAMT chunks clipped to the
/// TDMR.</summary>
/// <remarks>
/// One sweep over memory and PAMTs for all TDMRs. Areas come out sorted, because a PAMT never lies in a hole; the
/// kernel
/// collects holes first, then PAMTs, and sorts, which gives the same areas.
/// </remarks>
internal ref struct ReservedAreaSweep
{
    private readonly ReadOnlySpan<AddressRange> _memory;
    private readonly ReadOnlySpan<TdmrInfo> _byPamt;
    private ReservedArea[] _areas;
    private int _count;
    private int _nextMemory;
    private int _nextPamt;

    /// <summary>Sets the sweep up.</summary>
    /// <param name="memory">What is no hole, ascending: the memory blocks or, in kernels that take holes from them, the
    /// CMRs.</param>
    /// <param name="byPamt">All TDMRs, by ascending addresses of their PAMTs.</param>
    internal ReservedAreaSweep(ReadOnlySpan<AddressRange> memory, ReadOnlySpan<TdmrInfo> byPamt)
    {
        _memory = memory;
        _byPamt = byPamt;
        _areas = new ReservedArea[memory.Length + byPamt.Length];
    }

    /// <summary>The areas of the next TDMR.</summary>
    internal ValueList<ReservedArea> AreasOf(AddressRange tdmr)
    {
        int first = _count;
        ulong position = tdmr.Start;
        for (; _nextMemory < _memory.Length && _memory[_nextMemory].Start < tdmr.End; _nextMemory++)
        {
            AddressRange memory = _memory[_nextMemory];
            if (memory.Start > position)
                AddHole(tdmr, position, memory.Start);
            position = Math.Max(position, memory.End);
            if (memory.End > tdmr.End)
                break;
        }

        if (position < tdmr.End)
            AddHole(tdmr, position, tdmr.End);
        AddPamts(tdmr, tdmr.End);
        if (_nextPamt > 0 && _byPamt[_nextPamt - 1].PamtEnd > tdmr.End)
            _nextPamt--;
        return new(_areas, first, _count - first);
    }

    private void AddHole(AddressRange tdmr, ulong start, ulong end)
    {
        AddPamts(tdmr, start);
        Add(start - tdmr.Start, end - start, ReservedAreaSource.Hole);
    }

    private void AddPamts(AddressRange tdmr, ulong below)
    {
        for (; _nextPamt < _byPamt.Length && _byPamt[_nextPamt].PamtStart < below; _nextPamt++)
        {
            ulong start = Math.Max(_byPamt[_nextPamt].PamtStart, tdmr.Start);
            ulong end = Math.Min(_byPamt[_nextPamt].PamtEnd, tdmr.End);
            if (start < end)
                Add(start - tdmr.Start, end - start, ReservedAreaSource.Pamt);
        }
    }

    private void Add(ulong offset, ulong size, ReservedAreaSource source)
    {
        if (_count == _areas.Length)
            Array.Resize(ref _areas, 2 * _count);
        _areas[_count++] = new(offset, size, source);
    }
}
