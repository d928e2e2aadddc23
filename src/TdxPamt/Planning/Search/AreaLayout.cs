namespace TdxPamt.Planning;

/// <summary>The reserved areas of TDMRs whose PAMTs may lie in any chunks, and may be merged.</summary>
internal static class AreaLayout
{
    /// <summary>The areas of each TDMR in ascending order.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="tdmrs">The TDMRs, ascending.</param>
    /// <param name="holes">The holes, ascending.</param>
    /// <param name="chunks">The chunks of pages that hold PAMTs, ascending.</param>
    /// <param name="merge">Whether areas that are adjacent or have no RAM between them are one.</param>
    internal static ValueList<ReservedArea>[] Create(
        ReducedHost host,
        ReadOnlySpan<AddressRange> tdmrs,
        ReadOnlySpan<AddressRange> holes,
        ReadOnlySpan<AddressRange> chunks,
        bool merge)
    {
        ValueList<ReservedArea>[] result = new ValueList<ReservedArea>[tdmrs.Length];
        List<ReservedArea> areas = [];
        int firstHole = 0;
        int firstChunk = 0;
        for (int t = 0; t < tdmrs.Length; t++)
        {
            AddressRange tdmr = tdmrs[t];
            firstHole = SkipBelow(holes, firstHole, tdmr.Start);
            firstChunk = SkipBelow(chunks, firstChunk, tdmr.Start);
            int hole = firstHole;
            int chunk = firstChunk;
            areas.Clear();
            while (true)
            {
                bool isHole = hole < holes.Length && holes[hole].Start < tdmr.End;
                bool isChunk = chunk < chunks.Length && chunks[chunk].Start < tdmr.End;
                if (!isHole && !isChunk)
                    break;
                if (isHole && (!isChunk || holes[hole].Start <= chunks[chunk].Start))
                    Add(host, areas, tdmr, holes[hole++], ReservedAreaSource.Hole, merge);
                else
                    Add(host, areas, tdmr, chunks[chunk++], ReservedAreaSource.Pamt, merge);
            }

            result[t] = new([.. areas]);
        }

        return result;
    }

    private static int SkipBelow(ReadOnlySpan<AddressRange> ranges, int first, ulong address)
    {
        while (first < ranges.Length && ranges[first].End <= address)
            first++;
        return first;
    }

    private static void Add(
        ReducedHost host,
        List<ReservedArea> areas,
        AddressRange tdmr,
        AddressRange range,
        ReservedAreaSource source,
        bool merge)
    {
        AddressRange part = range.Intersect(tdmr);
        if (areas.Count > 0)
        {
            ReservedArea last = areas[^1];
            ulong lastEnd = tdmr.Start + last.Offset + last.Size;
            // A PAMT may lie in a hole: in excluded RAM, or in RAM that a kernel takes for one.
            if (part.End <= lastEnd && (merge || AddressRanges.Contains(host.ExcludedRam, part)))
                return;
            if (merge && !host.HasRam(lastEnd, part.Start))
            {
                areas[^1] = last with
                {
                    Size = part.End - tdmr.Start - last.Offset,
                    Source = last.Source == ReservedAreaSource.Hole ? last.Source : source,
                };
                return;
            }
        }

        areas.Add(new(part.Start - tdmr.Start, part.Size, source));
    }
}
