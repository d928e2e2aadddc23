using System.Runtime.CompilerServices;

namespace TdxPamt;

/// <summary>How large the three PAMTs of a TDMR are; docs/model.md#tdmr_get_pamt_sz.</summary>
/// <param name="Page4K">The PAMT for 4K pages, or the bitmap of Dynamic PAMT: bytes, a multiple of 4096.</param>
/// <param name="Page2M">The PAMT for 2M pages: bytes, a multiple of 4096.</param>
/// <param name="Page1G">The PAMT for 1G pages: bytes, a multiple of 4096.</param>
/// <remarks>Immutable; <c>default</c> is the size of no PAMTs.</remarks>
/// <exception cref="ArgumentOutOfRangeException">One is above 2^60, far beyond any module's.</exception>
public readonly record struct PamtSizes(ulong Page4K, ulong Page2M, ulong Page1G)
{
    private const ulong MaxBytes = 1UL << 60;

    /// <summary>The PAMT for 4K pages, or the bitmap of Dynamic PAMT, in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is above 2^60.</exception>
    public ulong Page4K { get; init => field = Check(value, nameof(Page4K)); } = Check(Page4K, nameof(Page4K));

    /// <summary>The PAMT for 2M pages, in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is above 2^60.</exception>
    public ulong Page2M { get; init => field = Check(value, nameof(Page2M)); } = Check(Page2M, nameof(Page2M));

    /// <summary>The PAMT for 1G pages, in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is above 2^60.</exception>
    public ulong Page1G { get; init => field = Check(value, nameof(Page1G)); } = Check(Page1G, nameof(Page1G));

    /// <summary>The three together, in bytes: the contiguous chunk that Linux allocates.</summary>
    public ulong TotalBytes => Page4K + Page2M + Page1G;

    /// <summary>The three together, in pages of 4 KiB.</summary>
    public ulong TotalPages => TotalBytes / AddressRange.PageBytes;

    /// <summary>Sizes the PAMTs of a TDMR: for each page size, the entries (Dynamic PAMT: bits) times their size,
    /// rounded up to 4 KiB. It counts in 64 bits, where the v5 patch counts in 32.</summary>
    /// <param name="tdmrSize">The TDMR's size, in bytes: a multiple of 1 GiB, 1 GiB to 2^52.</param>
    /// <param name="module">Entry sizes and Dynamic PAMT; null: <see cref="ModuleParameters.Default"/>.</param>
    /// <returns>The three sizes.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tdmrSize"/> is no such size.</exception>
    public static PamtSizes Calculate(ulong tdmrSize, ModuleParameters? module = null)
    {
        if (tdmrSize is 0 or > AddressRange.Limit || tdmrSize % TdmrInfo.Alignment != 0)
            ThrowNotATdmrSize(tdmrSize);
        return CalculateUnchecked(tdmrSize, module ?? ModuleParameters.Default);
    }

    /// <summary>The size of the PAMT of one page size.</summary>
    /// <param name="size">The page size.</param>
    /// <returns>The size, in bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the three.</exception>
    public ulong this[PageSize size] => Preconditions.InRange((int)size, 0, 2, nameof(size)) switch
    {
        0 => Page4K,
        1 => Page2M,
        _ => Page1G,
    };

    /// <summary>The three sizes: <c>4K 8 MiB, 2M 16 KiB, 1G 4 KiB</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"4K {Quantities.Size(Page4K)}, 2M {Quantities.Size(Page2M)}, 1G {Quantities.Size(Page1G)}";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static PamtSizes CalculateUnchecked(ulong tdmrSize, ModuleParameters module)
    {
        PamtEntrySizes entry = module.PamtEntrySizes;
        return new(
            module.DynamicPamt
                ? RoundUp(((tdmrSize >> 12) * (ulong)module.PamtPageBitmapEntryBits + 7) >> 3)
                : RoundUp((tdmrSize >> 12) * (ulong)entry.Page4K),
            RoundUp((tdmrSize >> 21) * (ulong)entry.Page2M),
            RoundUp((tdmrSize >> 30) * (ulong)entry.Page1G));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong RoundUp(ulong bytes) => (bytes + AddressRange.PageBytes - 1) & ~(AddressRange.PageBytes - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Check(ulong bytes, string name)
    {
        if (bytes > MaxBytes)
            ThrowTooLarge(bytes, name);
        return bytes;
    }

    private static void ThrowTooLarge(ulong bytes, string name) =>
        throw new ArgumentOutOfRangeException(name, bytes, "a PAMT's size must be at most 2^60 bytes");

    private static void ThrowNotATdmrSize(ulong tdmrSize) => throw new ArgumentOutOfRangeException(
        nameof(tdmrSize), tdmrSize, "a TDMR's size must be a multiple of 1 GiB, from 1 GiB to 2^52 bytes");
}
