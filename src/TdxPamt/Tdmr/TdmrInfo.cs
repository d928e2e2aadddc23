namespace TdxPamt;

/// <summary>A TD memory region (docs/model.md#tdmr) as the kernel describes it to the module: its range, PAMTs
/// and reserved areas.</summary>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record TdmrInfo
{
    /// <summary>What a TDMR's base and size are multiples of, in bytes: 1 GiB.</summary>
    public const ulong Alignment = 1UL << 30;

    /// <summary>A TDMR whose PAMTs lie in one chunk, in the order 4K, 2M, 1G.</summary>
    internal TdmrInfo(in UnplacedTdmr tdmr, ulong pamtStart, ValueList<ReservedArea> reservedAreas)
    {
        Range = tdmr.Range;
        Node = tdmr.Node;
        Pamt4K = new(pamtStart, tdmr.Sizes.Page4K);
        Pamt2M = new(pamtStart + tdmr.Sizes.Page4K, tdmr.Sizes.Page2M);
        Pamt1G = new(pamtStart + tdmr.Sizes.Page4K + tdmr.Sizes.Page2M, tdmr.Sizes.Page1G);
        ReservedAreas = reservedAreas;
    }

    /// <summary>A TDMR whose PAMTs may lie apart, as no kernel makes it.</summary>
    internal TdmrInfo(
        AddressRange range, int node, Pamt pamt4K, Pamt pamt2M, Pamt pamt1G, ValueList<ReservedArea> reservedAreas)
    {
        Range = range;
        Node = node;
        Pamt4K = pamt4K;
        Pamt2M = pamt2M;
        Pamt1G = pamt1G;
        ReservedAreas = reservedAreas;
    }

    /// <summary>The memory that it covers, which starts and ends at multiples
    /// of 1 GiB; docs/model.md#fill_out_tdmrs.</summary>
    public AddressRange Range { get; }

    /// <summary>Its first address, in bytes.</summary>
    public ulong Base => Range.Start;

    /// <summary>Its size, in bytes.</summary>
    public ulong Size => Range.Size;

    /// <summary>The NUMA node that its PAMTs were wanted on; docs/model.md#tdmr_get_nid.</summary>
    public int Node { get; }

    /// <summary>The PAMT for 4K pages; with Dynamic PAMT its page bitmap.</summary>
    public Pamt Pamt4K { get; }

    /// <summary>The PAMT for 2M pages.</summary>
    public Pamt Pamt2M { get; }

    /// <summary>The PAMT for 1G pages.</summary>
    public Pamt Pamt1G { get; }

    /// <summary>Whether the three PAMTs lie in one contiguous chunk, in the order 4K, 2M, 1G: true of every kernel's
    /// TDMRs, not of those whose PAMTs a planning strategy placed apart.</summary>
    public bool HasPamtChunk =>
        Pamt2M.Base == Pamt4K.Base + Pamt4K.Size && Pamt1G.Base == Pamt2M.Base + Pamt2M.Size;

    /// <summary>The one contiguous chunk that holds the three PAMTs, in the order 4K, 2M, 1G.</summary>
    /// <exception cref="InvalidOperationException">They lie apart: <see cref="HasPamtChunk"/> is false.</exception>
    public AddressRange PamtChunk => HasPamtChunk
        ? AddressRange.Create(PamtStart, PamtEnd)
        : throw new InvalidOperationException($"the PAMTs of {this} lie apart");

    /// <summary>How many 4 KiB pages the three PAMTs take together.</summary>
    public ulong PamtPages => (Pamt4K.Size + Pamt2M.Size + Pamt1G.Size) / AddressRange.PageBytes;

    /// <summary>The reserved areas in ascending order of their offsets; docs/model.md#tdmr_add_rsvd_area.</summary>
    public ValueList<ReservedArea> ReservedAreas { get; }

    internal ulong PamtStart => Pamt4K.Base;

    internal ulong PamtEnd => Pamt1G.Base + Pamt1G.Size;

    /// <summary>The PAMT of one page size.</summary>
    /// <param name="size">The page size.</param>
    /// <returns>Where it lies.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the three.</exception>
    public Pamt GetPamt(PageSize size) => Preconditions.InRange((int)size, 0, 2, nameof(size)) switch
    {
        0 => Pamt4K,
        1 => Pamt2M,
        _ => Pamt1G,
    };

    /// <summary>The TDMR as the kernel names it: <c>TDMR [0x0, 0x80000000)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"TDMR {Range}";
}
