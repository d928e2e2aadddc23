namespace TdxPamt.Module;

/// <summary>The memory that PAMTs take with and without Dynamic PAMT, in bytes (docs/model.md#dynamic-pamt).</summary>
/// <param name="StaticBytes">All PAMTs without Dynamic PAMT.</param>
/// <param name="BitmapBytes">The page bitmaps, which Dynamic PAMT has in place of the 4K PAMTs.</param>
/// <param name="FixedBytes">Dynamic PAMT without any pair: bitmaps, 2M and 1G PAMTs. At most 2^62.</param>
/// <param name="UsableBytes">Memory that can become private: what the reserved areas leave. At most 2^62.</param>
/// <remarks>Immutable; <c>default</c> is the cost of no TDMRs.</remarks>
/// <exception cref="ArgumentOutOfRangeException">FixedBytes or UsableBytes is above 2^62.</exception>
public readonly record struct DynamicPamtCost(ulong StaticBytes, ulong BitmapBytes, ulong FixedBytes, ulong UsableBytes)
{
    private const ulong MaxBytes = 1UL << 62;

    /// <summary>The 4K entries of one 2M region with Dynamic PAMT, in bytes: a pair of pages.</summary>
    public const ulong PairBytes = 2 * AddressRange.PageBytes;

    /// <summary>Dynamic PAMT without any pair, in bytes: bitmaps, 2M and 1G PAMTs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is above 2^62.</exception>
    public ulong FixedBytes { get; init => field = Check(value, nameof(FixedBytes)); } =
        Check(FixedBytes, nameof(FixedBytes));

    /// <summary>Memory that can become private, in bytes: what the reserved areas leave.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is above 2^62.</exception>
    public ulong UsableBytes { get; init => field = Check(value, nameof(UsableBytes)); } =
        Check(UsableBytes, nameof(UsableBytes));

    /// <summary>The share of usable memory, in 2M regions full of private 4K pages, at which Dynamic PAMT takes as much
    /// memory as static PAMTs; above 1 where it never does.</summary>
    public double BreakEvenShare => UsableBytes == 0
        ? 0
        : ((double)StaticBytes - FixedBytes) / PairBytes / (UsableBytes / (double)PageSize.Page2M.Bytes());

    /// <summary>Both costs: <c>8192 bytes of static PAMTs, 512 bytes of Dynamic PAMT before pairs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{StaticBytes} bytes of static PAMTs, {FixedBytes} bytes of Dynamic PAMT before pairs";

    /// <summary>What the kernel's reference counts take: 4 bytes for each 2M region from address 0 to the end of RAM,
    /// holes included (docs/model.md#reference-count).</summary>
    /// <param name="endOfRam">The first address after all RAM, in bytes; any value is legal.</param>
    /// <returns>The bytes: 2 MiB for each TiB.</returns>
    public static ulong ReferenceCountBytes(ulong endOfRam) =>
        ((endOfRam / PageSize.Page2M.Bytes()) + (endOfRam % PageSize.Page2M.Bytes() == 0 ? 0UL : 1)) * sizeof(int);

    /// <summary>The cost of a set of TDMRs.</summary>
    /// <param name="tdmrs">The TDMRs. Their ranges and reserved areas count, not the sizes of their PAMTs.</param>
    /// <param name="module">Entry sizes and bitmap bits; null means <see cref="ModuleParameters.Default"/>. Whether
    /// Dynamic PAMT is on makes no difference.</param>
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

    /// <summary>The memory that Dynamic PAMT takes where a share of usable memory is mapped in private 4K pages that
    /// fill their 2M regions, and the rest in larger pages or not at all.</summary>
    /// <param name="share">The share, 0 to 1.</param>
    /// <returns>The fixed bytes, and those of one pair for each region, rounded up.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not in that interval.</exception>
    public ulong BytesAt(double share)
    {
        if (!(share >= 0 && share <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "share must be from 0 to 1");
        double regions = UsableBytes / (double)PageSize.Page2M.Bytes();
        return FixedBytes + ((ulong)Math.Ceiling(regions * share) * PairBytes);
    }

    private static ulong Check(ulong bytes, string name) => bytes <= MaxBytes
        ? bytes
        : throw new ArgumentOutOfRangeException(name, bytes, $"{name} must be at most 2^62");
}
