namespace TdxPamt.Planning;

/// <summary>The strategy <c>exclude-ram</c>: what to exclude from TDX so that a layout comes
/// closer to working.</summary>
internal static class RamExclusion
{
    /// <summary>The cheapest ranges that a failure asks for, ascending; none where nothing would help.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="nearest">The layout that does not work; null where there is none.</param>
    /// <param name="failure">Why not.</param>
    /// <param name="strategies">What else may be done.</param>
    /// <param name="holes">The holes, ascending.</param>
    internal static AddressRange[] Cheapest(
        ReducedHost host, Layout? nearest, TdmrFailure failure, PlanStrategies strategies, AddressRange[] holes)
    {
        if (failure.Code == TdmrFailureCode.PamtAllocationFailed)
            return [UpperHalf(host, failure.Range!.Value)];
        if (failure.Code is not (TdmrFailureCode.ReservedAreasExhausted or TdmrFailureCode.TdmrsExhausted))
            return [];
        AddressRange[] min = host.MinExclusion(
            holes, strategies.Has(PlanStrategies.SplitTdmrs), strategies.Has(PlanStrategies.JoinTdmrs));
        if (min.Length > 0 || failure.Code == TdmrFailureCode.TdmrsExhausted)
            return min;

        // Holes and TDMRs stay within the limits: it is the PAMTs, which lie elsewhere once some RAM is excluded.
        int limit = (int)failure.Allowed!.Value;
        bool merge = strategies.Has(PlanStrategies.MergeAreas);
        List<AddressRange> ranges = [];
        for (int t = 0; t < nearest!.Tdmrs.Length; t++)
        {
            if (nearest.Areas[t].Count > limit)
                ranges.AddRange(ForAreas(host, nearest.Tdmrs[t], nearest.Areas[t].Span, limit, merge));
        }

        return [.. ranges];
    }

    /// <summary>The gaps with least RAM between areas of a TDMR, as many as it has areas too many; all of it where that
    /// is less RAM or there are not enough gaps.</summary>
    internal static List<AddressRange> ForAreas(
        ReducedHost host, AddressRange tdmr, ReadOnlySpan<ReservedArea> areas, int limit, bool merge)
    {
        List<(AddressRange Range, ulong Ram)> gaps = [];
        for (int i = 1; i < areas.Length; i++)
        {
            ulong start = tdmr.Start + areas[i - 1].Offset + areas[i - 1].Size;
            ulong end = tdmr.Start + areas[i].Offset;
            bool closes = merge
                || (areas[i - 1].Source == ReservedAreaSource.Hole && areas[i].Source == ReservedAreaSource.Hole);
            if (start < end && closes)
            {
                AddressRange gap = AddressRange.Create(start, end);
                gaps.Add((gap, host.RamBytes(gap)));
            }
        }

        int tooMany = areas.Length - limit;
        gaps.Sort(static (left, right) => left.Ram != right.Ram
            ? left.Ram.CompareTo(right.Ram)
            : left.Range.Start.CompareTo(right.Range.Start));
        List<AddressRange> cheapest = [];
        ulong ram = 0;
        foreach ((AddressRange range, ulong bytes) in gaps.Take(tooMany))
        {
            cheapest.Add(range);
            ram += bytes;
        }

        cheapest.Sort(AddressRange.Compare);
        return cheapest.Count == tooMany && ram < host.RamBytes(tdmr) ? cheapest : [tdmr];
    }

    /// <summary>The upper part of a TDMR, from the start of the GiB that holds the middle of its RAM.</summary>
    private static AddressRange UpperHalf(ReducedHost host, AddressRange tdmr)
    {
        AddressRange[] ram = AddressRanges.Intersect([tdmr], host.Memory.TdxMemoryRanges);
        ulong half = AddressRanges.TotalBytes(ram) / 2;
        int i = 0;
        for (; half > ram[i].Size; i++)
            half -= ram[i].Size;
        ulong middle = (ram[i].Start + half) & ~(TdmrInfo.Alignment - 1);
        return AddressRange.Create(middle, tdmr.End);
    }
}
