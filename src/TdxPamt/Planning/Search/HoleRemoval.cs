namespace TdxPamt.Planning;

/// <summary>Which holes of a TDMR would have to be memory so that it fits.</summary>
internal static class HoleRemoval
{
    /// <summary>The fewest holes, the smallest of them, in ascending order; none where no holes are to blame.</summary>
    internal static ValueList<AddressRange> Smallest(
        ReducedHost host, KernelModel kernel, AddressRange tdmr, AreaUse[] areas)
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
        // With more memory a TDMR comes apart into two at most: a node below it may come to take its first GiB.
        int mayStay = 2 * host.Module.MaxReservedAreas;
        int fewest = areas.Count(static area => area.Source == ReservedAreaSource.Hole) - mayStay;
        for (int count = Math.Max(1, fewest); count <= holes.Length; count++)
        {
            AddressRange[] removed = holes[..count];
            Array.Sort(removed, AddressRange.Compare);
            if (Fits(Without(host.Original, kernel, removed), host.Module, kernel, tdmr))
                return new(removed);
        }

        return default;
    }

    private static bool Fits(HostMemory host, ModuleParameters module, KernelModel kernel, AddressRange tdmr)
    {
        ReducedHost changed = new(host, module, []);
        Layout layout = Layout.Create(changed, changed.KernelTdmrs, PlanStrategies.None, kernel);
        for (int t = 0; t < layout.Areas.Length; t++)
        {
            if (layout.Tdmrs[t].Overlaps(tdmr) && layout.Areas[t].Count > module.MaxReservedAreas)
                return false;
        }

        return layout.Areas.Length > 0;
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
        return host.With(regions, cmrs);
    }
}
