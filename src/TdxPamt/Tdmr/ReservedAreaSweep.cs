using TdxPamt.Memory;

namespace TdxPamt.Tdmr;

/// <summary>Step 7: the reserved areas of TDMRs in ascending order: holes, and PAMT chunks clipped to the TDMR.</summary>
/// <remarks>
/// One sweep over memory and PAMTs for all TDMRs. Areas come out sorted, because a PAMT never lies in a hole; the kernel
/// collects holes first, then PAMTs, and sorts, which gives the same areas.
/// </remarks>
internal ref struct ReservedAreaSweep
{
    private readonly ReadOnlySpan<MemoryRegion> _blocks;
    private readonly ReadOnlySpan<AddressRange> _cmrs;
    private readonly ReadOnlySpan<AddressRange> _pamts;
    private int _nextMemory;
    private int _nextPamt;
    private AddressRange _tdmr;

    /// <summary>Sweeps over memory blocks or, where <paramref name="cmrs"/> is not empty, over CMRs.</summary>
    /// <param name="blocks">The memory blocks.</param>
    /// <param name="cmrs">The CMRs, in kernels that take holes from them.</param>
    /// <param name="pamts">All PAMT chunks, ascending.</param>
    /// <param name="tdmrs">How many TDMRs there are.</param>
    internal ReservedAreaSweep(
        ReadOnlySpan<MemoryRegion> blocks, ReadOnlySpan<AddressRange> cmrs, ReadOnlySpan<AddressRange> pamts, int tdmrs)
    {
        _blocks = blocks;
        _cmrs = cmrs;
        _pamts = pamts;
        Areas = new ReservedArea[Math.Max(blocks.Length, cmrs.Length) + (2 * tdmrs) + pamts.Length];
    }

    /// <summary>The areas of all TDMRs so far.</summary>
    internal ReservedArea[] Areas { get; private set; }

    /// <summary>How many areas there are so far.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds the areas of the next TDMR.</summary>
    internal void Add(AddressRange tdmr)
    {
        _tdmr = tdmr;
        ulong position = tdmr.Start;
        AddressRange memory;
        for (; TryGetMemory(_nextMemory, out memory) && memory.Start < tdmr.End; _nextMemory++)
        {
            if (memory.Start > position)
                AddHole(position, memory.Start);
            position = Math.Max(position, memory.End);
            if (memory.End > tdmr.End)
                break;
        }

        if (position < tdmr.End)
            AddHole(position, tdmr.End);
        AddPamts(tdmr.End);
        if (_nextPamt > 0 && _pamts[_nextPamt - 1].End > tdmr.End)
            _nextPamt--;
    }

    private readonly bool TryGetMemory(int index, out AddressRange memory)
    {
        bool exists = index < (_cmrs.IsEmpty ? _blocks.Length : _cmrs.Length);
        memory = !exists ? default : _cmrs.IsEmpty ? _blocks[index].Range : _cmrs[index];
        return exists;
    }

    private void AddHole(ulong start, ulong end)
    {
        AddPamts(start);
        Add(start, end, ReservedAreaSource.Hole);
    }

    private void AddPamts(ulong below)
    {
        for (; _nextPamt < _pamts.Length && _pamts[_nextPamt].Start < below; _nextPamt++)
        {
            AddressRange pamt = _pamts[_nextPamt];
            ulong start = Math.Max(pamt.Start, _tdmr.Start);
            ulong end = Math.Min(pamt.End, _tdmr.End);
            if (start < end)
                Add(start, end, ReservedAreaSource.Pamt);
        }
    }

    private void Add(ulong start, ulong end, ReservedAreaSource source)
    {
        if (Count == Areas.Length)
        {
            ReservedArea[] larger = new ReservedArea[2 * Count];
            Areas.CopyTo(larger, 0);
            Areas = larger;
        }

        Areas[Count++] = new(start - _tdmr.Start, end - start, source);
    }
}
