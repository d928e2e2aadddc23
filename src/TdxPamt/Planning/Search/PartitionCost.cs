namespace TdxPamt.Planning;

/// <summary>What a partition of memory into TDMRs costs before its PAMTs are placed, compared in this order.</summary>
/// <param name="Pages">Pages of PAMTs.</param>
/// <param name="Tdmrs">TDMRs.</param>
/// <param name="MaxAreas">Holes in the TDMR that has most.</param>
internal readonly record struct PartitionCost(ulong Pages, int Tdmrs, int MaxAreas)
{
    /// <summary>More than any partition costs.</summary>
    internal static PartitionCost Infinite => new(ulong.MaxValue, int.MaxValue, int.MaxValue);

    public static PartitionCost operator +(PartitionCost left, PartitionCost right) =>
        left == Infinite || right == Infinite
            ? Infinite
            : new(left.Pages + right.Pages, left.Tdmrs + right.Tdmrs, Math.Max(left.MaxAreas, right.MaxAreas));

    /// <summary>What TDMRs cost, their holes aside.</summary>
    internal static PartitionCost WithoutHoles(ReadOnlySpan<AddressRange> tdmrs, ModuleParameters module) =>
        new(PagesOf(tdmrs, module), tdmrs.Length, 0);

    /// <summary>How many pages the PAMTs of TDMRs take.</summary>
    internal static ulong PagesOf(ReadOnlySpan<AddressRange> tdmrs, ModuleParameters module)
    {
        ulong pages = 0;
        foreach (AddressRange tdmr in tdmrs)
            pages += PamtSizes.CalculateUnchecked(tdmr.Size, module).TotalPages;
        return pages;
    }

    internal bool IsBelow(PartitionCost other) => CompareTo(other) < 0;

    /// <summary>The same with each TDMR at a price in pages; of equal ones the fewest TDMRs.</summary>
    internal bool IsBelow(PartitionCost other, ulong multiplier)
    {
        ulong price = Pages + (multiplier * (ulong)Tdmrs);
        ulong otherPrice = other.Pages + (multiplier * (ulong)other.Tdmrs);
        return price != otherPrice ? price < otherPrice : Tdmrs < other.Tdmrs;
    }

    internal int CompareTo(PartitionCost other) =>
        Pages != other.Pages ? Pages.CompareTo(other.Pages)
        : Tdmrs != other.Tdmrs ? Tdmrs.CompareTo(other.Tdmrs)
        : MaxAreas.CompareTo(other.MaxAreas);
}
