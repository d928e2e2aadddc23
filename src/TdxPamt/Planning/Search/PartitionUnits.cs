namespace TdxPamt.Planning;

/// <summary>The units that TDMRs are put together from: the memory's GiBs, cut where a cut can matter.</summary>
internal static class PartitionUnits
{
    /// <summary>Up to that many GiB every boundary is cut at. Beyond, stretches of GiBs that no area reaches into, or
    /// that one area fills, stay whole: a cut there changes the rounding of PAMTs to pages, and nothing else.</summary>
    internal const ulong MaxGiBCutAnywhere = 256;

    /// <summary>Cuts the kernel's TDMRs.</summary>
    /// <param name="kernelTdmrs">The kernel's TDMRs, ascending.</param>
    /// <param name="areas">The areas, ascending.</param>
    internal static AddressRange[] Create(ReadOnlySpan<AddressRange> kernelTdmrs, ReadOnlySpan<AddressRange> areas)
    {
        bool anywhere = AddressRanges.TotalBytes(kernelTdmrs) / TdmrInfo.Alignment <= MaxGiBCutAnywhere;
        List<AddressRange> units = [];
        int next = 0;
        foreach (AddressRange tdmr in kernelTdmrs)
        {
            ulong position = tdmr.Start;
            while (position < tdmr.End)
            {
                ulong end = position + TdmrInfo.Alignment;
                while (next < areas.Length && areas[next].End <= position)
                    next++;
                if (!anywhere)
                    end = Math.Max(end, Math.Min(tdmr.End, RoundDown(NextChange(areas, next, position))));
                units.Add(AddressRange.Create(position, end));
                position = end;
            }
        }

        return [.. units];
    }

    /// <summary>Whether each unit is the first of one of the kernel's TDMRs, which consist of units.</summary>
    internal static bool[] StartTdmrs(AddressRange[] units, ReadOnlySpan<AddressRange> kernelTdmrs)
    {
        bool[] starts = new bool[units.Length];
        for (int unit = 0, next = 0; unit < units.Length; unit++)
        {
            starts[unit] = next < kernelTdmrs.Length && kernelTdmrs[next].Start == units[unit].Start;
            next += starts[unit] ? 1 : 0;
        }

        return starts;
    }

    /// <summary>How many areas end at or below the start of each unit.</summary>
    internal static int[] AreasBelowStart(AddressRange[] units, ReadOnlySpan<AddressRange> areas)
    {
        int[] counts = new int[units.Length];
        for (int unit = 0, next = 0; unit < units.Length; unit++)
        {
            while (next < areas.Length && areas[next].End <= units[unit].Start)
                next++;
            counts[unit] = next;
        }

        return counts;
    }

    /// <summary>How many areas start below the end of each unit.</summary>
    internal static int[] AreasBelowEnd(AddressRange[] units, ReadOnlySpan<AddressRange> areas)
    {
        int[] counts = new int[units.Length];
        for (int unit = 0, next = 0; unit < units.Length; unit++)
        {
            while (next < areas.Length && areas[next].Start < units[unit].End)
                next++;
            counts[unit] = next;
        }

        return counts;
    }

    /// <summary>The address up to which one area reaches, or none does.</summary>
    private static ulong NextChange(ReadOnlySpan<AddressRange> areas, int next, ulong position) =>
        next == areas.Length ? ulong.MaxValue
        : areas[next].Start > position ? areas[next].Start
        : areas[next].End;

    private static ulong RoundDown(ulong address) => address & ~(TdmrInfo.Alignment - 1);
}
