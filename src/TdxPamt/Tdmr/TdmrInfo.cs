using TdxPamt.Memory;

namespace TdxPamt.Tdmr;

/// <summary>A TD memory region as the kernel describes it to the module: its range, PAMTs and reserved areas.</summary>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record TdmrInfo
{
    internal TdmrInfo(AddressRange range, int node, ulong chunk, PamtSizes sizes)
    {
        Range = range;
        Node = node;
        Pamt4K = new(chunk, sizes.Page4K);
        Pamt2M = new(chunk + sizes.Page4K, sizes.Page2M);
        Pamt1G = new(chunk + sizes.Page4K + sizes.Page2M, sizes.Page1G);
    }

    /// <summary>The memory it covers: 1 GiB aligned, a multiple of 1 GiB.</summary>
    public AddressRange Range { get; }

    /// <summary>Its first address, in bytes.</summary>
    public ulong Base => Range.Start;

    /// <summary>Its size, in bytes.</summary>
    public ulong Size => Range.Size;

    /// <summary>The NUMA node that its PAMTs were wanted on.</summary>
    public int Node { get; }

    /// <summary>The PAMT for 4K pages; with Dynamic PAMT its page bitmap.</summary>
    public Pamt Pamt4K { get; }

    /// <summary>The PAMT for 2M pages.</summary>
    public Pamt Pamt2M { get; }

    /// <summary>The PAMT for 1G pages.</summary>
    public Pamt Pamt1G { get; }

    /// <summary>The one contiguous chunk that holds the three PAMTs, in the order 4K, 2M, 1G.</summary>
    public AddressRange PamtChunk => AddressRange.Create(PamtStart, PamtEnd);

    /// <summary>How many 4 KiB pages the three PAMTs take together.</summary>
    public ulong PamtPages => (PamtEnd - PamtStart) / AddressRange.PageBytes;

    /// <summary>The reserved areas in ascending order of their offsets.</summary>
    public ValueList<ReservedArea> ReservedAreas { get; internal set; }

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
