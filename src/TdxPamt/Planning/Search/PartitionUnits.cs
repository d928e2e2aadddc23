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

    /// <summary>Whether a unit is the first of one of the kernel's TDMRs.</summary>
    internal static bool StartsTdmr(ReadOnlySpan<AddressRange> kernelTdmrs, AddressRange unit) =>
        kernelTdmrs[AddressRanges.FirstEndingAbove(kernelTdmrs, unit.Start)].Start == unit.Start;

    /// <summary>The position of the first area that starts at or above an address, or the number of areas.</summary>
    internal static int FirstStartingFrom(ReadOnlySpan<AddressRange> areas, ulong address)
    {
        int position = AddressRanges.FirstEndingAbove(areas, address);
        return position < areas.Length && areas[position].Start < address ? position + 1 : position;
    }

    /// <summary>The address up to which one area reaches, or none does.</summary>
    private static ulong NextChange(ReadOnlySpan<AddressRange> areas, int next, ulong position) =>
        next == areas.Length ? ulong.MaxValue
        : areas[next].Start > position ? areas[next].Start
        : areas[next].End;

    private static ulong RoundDown(ulong address) => address & ~(TdmrInfo.Alignment - 1);
}
