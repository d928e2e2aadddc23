namespace TdxPamt.Planning;

/// <summary>What would make a TDMR fit that has too many areas: holes that become memory, or RAM that is excluded. Each
/// answer is tried by planning the machine with it.</summary>
internal sealed class FittingTdmr(ReducedHost host, KernelModel kernel, AddressRange tdmr)
{
    /// <summary>In how many rounds RAM is excluded at most.</summary>
    private const int MaxRounds = 8;

    /// <summary>The smallest holes without which it fits, in ascending order; none where no holes are to blame. As few
    /// as doubling and bisection find: where fit is not monotone, fewer can do.</summary>
    internal ValueList<AddressRange> HolesToRemove(AreaUse[] areas)
    {
        // The first 1 MiB never is TDX memory, and memory has to end somewhere.
        AddressRange[] holes =
        [
            .. areas
                .Where(static area => area.Source == ReservedAreaSource.Hole)
                .Select(static area => area.Whole)
                .Where(static hole => hole.Start >= HostMemory.TdxMemoryStart && hole.End < AddressRange.Limit)
                .OrderBy(static hole => hole.Size)
                .ThenBy(static hole => hole.Start),
        ];
        if (holes.Length == 0)
            return default;
        // With more memory a TDMR comes apart into two at most: a node below it may come to take its first GiB.
        int mayStay = 2 * host.Module.MaxReservedAreas;
        int tooFew = Math.Max(0, areas.Count(static area => area.Source == ReservedAreaSource.Hole) - mayStay - 1);
        int enough = tooFew;
        for (int step = 1; enough == tooFew || !FitsWithout(holes, enough); step *= 2)
        {
            if (enough == holes.Length)
                return default;
            tooFew = enough;
            enough = Math.Min(holes.Length, enough + step);
        }

        enough = 1 + (int)Bisection.LastPassing(tooFew, enough, count => !FitsWithout(holes, (int)count));
        AddressRange[] removed = holes.AsSpan(0, enough).ToArray();
        Array.Sort(removed, AddressRange.Compare);
        return new(removed);
    }

    /// <summary>The least RAM between areas, in ascending order; where PAMTs come to lie elsewhere then, more of it in
    /// further rounds. None where that does not help.</summary>
    internal ValueList<AddressRange> RamToExclude(ValueList<ReservedArea> areas)
    {
        int limit = host.Module.MaxReservedAreas;
        ReducedHost changed = host.Without(
            [.. RamExclusion.ForAreas(host, tdmr, areas.Span, limit, merge: false)]);
        for (int round = 0; round < MaxRounds; round++)
        {
            Layout layout = Layout.Create(changed, changed.KernelTdmrs, PlanStrategies.None, kernel);
            if (Fits(layout, changed))
                return new(changed.Excluded);
            List<AddressRange> more = [];
            for (int t = 0; t < layout.Areas.Length; t++)
            {
                AddressRange other = layout.Tdmrs[t];
                if (other.Overlaps(tdmr) && layout.Areas[t].Count > limit)
                    more.AddRange(RamExclusion.ForAreas(changed, other, layout.Areas[t].Span, limit, merge: false));
            }

            if (more.Count == 0)
                return default;
            changed = changed.Without([.. more]);
        }

        return default;
    }

    private bool FitsWithout(AddressRange[] holes, int count)
    {
        AddressRange[] removed = holes.AsSpan(0, count).ToArray();
        Array.Sort(removed, AddressRange.Compare);
        ReducedHost changed = new(Without(host.Original, kernel, removed), host.Module, [], host.Steps);
        return Fits(Layout.Create(changed, changed.KernelTdmrs, PlanStrategies.None, kernel), changed);
    }

    /// <summary>Whether no TDMR of a changed machine has too many areas where this one was, and there are
    /// not too many TDMRs.</summary>
    private bool Fits(Layout layout, ReducedHost changed)
    {
        int limit = host.Module.MaxReservedAreas;
        for (int t = 0; t < layout.Areas.Length; t++)
        {
            if (layout.Tdmrs[t].Overlaps(tdmr) && layout.Areas[t].Count > limit)
                return false;
        }

        return layout.Areas.Length > 0 && changed.KernelTdmrs.Length <= host.Module.MaxTdmrs;
    }

    /// <summary>The machine with holes made memory: convertible and, where the kernel looks at RAM, RAM of
    /// the node below.</summary>
    private static HostMemory Without(HostMemory host, KernelModel kernel, AddressRange[] holes)
    {
        List<MemoryRegion> regions = [.. host.Regions];
        if (!kernel.TakesHolesFromCmrs)
        {
            foreach (AddressRange hole in holes)
            {
                int below = AddressRanges.FirstEndingAbove(host.TdxMemoryRanges, hole.Start - 1);
                regions.Add(new(hole, host.TdxMemoryBlocks[below].Node));
            }
        }

        AddressRange[] cmrs = host.Cmrs.Count == 0 ? [] : AddressRanges.Union(host.Cmrs.Span, holes);
        return host.With(regions, new(cmrs));
    }
}
