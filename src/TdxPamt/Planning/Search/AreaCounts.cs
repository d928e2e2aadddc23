namespace TdxPamt.Planning;

/// <summary>How many reserved areas each TDMR has, while PAMTs are placed at the ends of free runs.</summary>
/// <remarks>A count may be too high where memory of two nodes is adjacent, never too low.</remarks>
internal sealed class AreaCounts
{
    private readonly int[] _counts;
    private readonly int _limit;
    private readonly bool _merge;

    private AreaCounts(AddressRange[] tdmrs, int[] counts, int limit, bool merge)
    {
        Tdmrs = tdmrs;
        _counts = counts;
        _limit = limit;
        _merge = merge;
    }

    /// <summary>The TDMRs, ascending.</summary>
    internal AddressRange[] Tdmrs { get; }

    /// <summary>How many areas a TDMR has.</summary>
    internal int this[int t] => _counts[t];

    /// <summary>Counts the areas of TDMRs without PAMTs.</summary>
    internal static AreaCounts Create(ReducedHost host, AddressRange[] tdmrs, AddressRange[] holes, bool merge)
    {
        ValueList<ReservedArea>[] areas = AreaLayout.Create(host, tdmrs, holes, [], merge);
        return new(
            tdmrs, Array.ConvertAll(areas, static each => each.Count), host.Module.MaxReservedAreas, merge);
    }

    internal bool IsOverLimit(int t) => _counts[t] > _limit;

    /// <summary>Whether a chunk at an end of a run adds at most <paramref name="maxNew"/> areas to each TDMR, and takes
    /// none over its limit.</summary>
    internal bool Fits(FreeRun run, ulong bytes, bool atEnd, int maxNew)
    {
        ulong start = atEnd ? run.End - bytes : run.Start;
        ulong end = start + bytes;
        int t = AddressRanges.FirstEndingAbove(Tdmrs, start);
        for (; t < Tdmrs.Length && Tdmrs[t].Start < end; t++)
        {
            int added = Added(run, start, end, t);
            if (added > maxNew || (added > 0 && _counts[t] + added > _limit))
                return false;
        }

        return true;
    }

    /// <summary>Counts a chunk at an end of a run.</summary>
    internal void Add(FreeRun run, ulong bytes, bool atEnd)
    {
        ulong start = atEnd ? run.End - bytes : run.Start;
        ulong end = start + bytes;
        int t = AddressRanges.FirstEndingAbove(Tdmrs, start);
        for (; t < Tdmrs.Length && Tdmrs[t].Start < end; t++)
            _counts[t] += Added(run, start, end, t);
    }

    /// <summary>How many areas a chunk at an end of a run adds to a TDMR: -1 where it fills all between two.</summary>
    private int Added(FreeRun run, ulong start, ulong end, int t)
    {
        if (!_merge)
            return 1;
        bool below = start == run.Start && run.ReservedBelow && start > Tdmrs[t].Start;
        bool above = end == run.End && run.ReservedAbove && end < Tdmrs[t].End;
        return 1 - (below ? 1 : 0) - (above ? 1 : 0);
    }
}
