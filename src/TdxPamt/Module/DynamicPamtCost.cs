namespace TdxPamt.Module;

/// <summary>What PAMTs cost with and without Dynamic PAMT, in bytes.</summary>
/// <param name="StaticBytes">All PAMTs without Dynamic PAMT.</param>
/// <param name="BitmapBytes">The page bitmaps that Dynamic PAMT has instead of 4K PAMTs.</param>
/// <param name="FixedBytes">All that Dynamic PAMT costs without a pair: bitmaps, 2M and 1G PAMTs.</param>
/// <param name="UsableBytes">The memory that can become private: what the reserved areas leave.</param>
/// <remarks>Immutable; <c>default</c> is the cost of no TDMRs.</remarks>
/// <exception cref="ArgumentOutOfRangeException">FixedBytes or UsableBytes is above 2^62, far beyond any
/// machine's.</exception>
public readonly record struct DynamicPamtCost(ulong StaticBytes, ulong BitmapBytes, ulong FixedBytes, ulong UsableBytes)
{
    private const ulong Most = 1UL << 62;

    /// <summary>What the 4K entries of one 2M region cost with Dynamic PAMT: a pair of pages.</summary>
    public const ulong PairBytes = 2 * AddressRange.PageBytes;

    /// <summary>All that Dynamic PAMT costs without a pair, in bytes: bitmaps, 2M and 1G PAMTs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is above 2^62.</exception>
    public ulong FixedBytes { get; init => field = Check(value, nameof(FixedBytes)); } =
        Check(FixedBytes, nameof(FixedBytes));

    /// <summary>The memory that can become private, in bytes: what the reserved areas leave.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is above 2^62.</exception>
    public ulong UsableBytes { get; init => field = Check(value, nameof(UsableBytes)); } =
        Check(UsableBytes, nameof(UsableBytes));

    /// <summary>The share of usable memory in private 4K pages, whole 2M regions of them, at which Dynamic PAMT costs
    /// as much as static PAMTs; above 1 where it never does.</summary>
    public double BreakEvenShare => UsableBytes == 0
        ? 0
        : ((double)StaticBytes - FixedBytes) / PairBytes / (UsableBytes / (double)PageSize.Page2M.Bytes());

    /// <summary>Adds TDMRs up.</summary>
    /// <param name="tdmrs">The TDMRs; their ranges and reserved areas count, not the sizes of their PAMTs.</param>
    /// <param name="module">Entry sizes and bitmap bits; null: <see cref="ModuleParameters.Default"/>. Whether Dynamic
    /// PAMT is on makes no difference.</param>
    /// <returns>The cost.</returns>
    /// <exception cref="ArgumentNullException">A TDMR is null.</exception>
    public static DynamicPamtCost Create(ReadOnlySpan<TdmrInfo> tdmrs, ModuleParameters? module = null)
    {
        ModuleParameters withStatic = (module ?? ModuleParameters.Default) with { DynamicPamt = false };
        ModuleParameters withDynamic = withStatic with { DynamicPamt = true };
        DynamicPamtCost cost = default;
        foreach (TdmrInfo tdmr in tdmrs)
        {
            PamtSizes sizes = PamtSizes.Calculate(
                Preconditions.NotNull(tdmr, nameof(tdmrs)).Size, withDynamic);
            ulong usable = tdmr.Size;
            foreach (ReservedArea area in tdmr.ReservedAreas)
                usable -= area.Size;
            cost = new(
                cost.StaticBytes + PamtSizes.Calculate(tdmr.Size, withStatic).TotalBytes,
                cost.BitmapBytes + sizes.Page4K,
                cost.FixedBytes + sizes.TotalBytes,
                cost.UsableBytes + usable);
        }

        return cost;
    }

    /// <summary>What Dynamic PAMT costs where a share of usable memory is mapped in private 4K pages that fill their 2M
    /// regions, and the rest in larger pages or not at all.</summary>
    /// <param name="share">The share, 0 to 1.</param>
    /// <returns>The fixed cost and one pair for each region begun, in bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not in that interval.</exception>
    public ulong BytesAt(double share)
    {
        if (!(share >= 0 && share <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "share must be from 0 to 1");
        double regions = UsableBytes / (double)PageSize.Page2M.Bytes();
        return FixedBytes + ((ulong)Math.Ceiling(regions * share) * PairBytes);
    }

    private static ulong Check(ulong bytes, string name) => bytes <= Most
        ? bytes
        : throw new ArgumentOutOfRangeException(name, bytes, $"{name} must be at most 2^62");
}
