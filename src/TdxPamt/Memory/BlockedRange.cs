namespace TdxPamt;

/// <summary>Pages that the page allocator cannot hand out. Blocked ranges may overlap and may lie anywhere.</summary>
/// <remarks>Immutable; <c>default</c> blocks nothing.</remarks>
public readonly record struct BlockedRange
{
    /// <summary>Blocks pages.</summary>
    /// <param name="range">The pages.</param>
    /// <param name="kind">Why they are blocked. All kinds have the same effect, with two exceptions: early at boot only
    /// reserved pages count (<see cref="FreePageIndex.CreateAtBoot"/>), and hugetlb pages of known size block only
    /// some requests.</param>
    /// <param name="hugePage">The size of the hugetlb pages, 2M or 1G; null where it is not known: they then block
    /// every request. Only for kind <see cref="BlockedKind.Hugetlb"/>; docs/model.md#hugetlb-pass.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is none of the kinds.</exception>
    /// <exception cref="ArgumentException">A size is given for another kind, or is neither 2M nor 1G.</exception>
    public BlockedRange(AddressRange range, BlockedKind kind, PageSize? hugePage = null)
    {
        if (hugePage is { } size && (size is not (PageSize.Page2M or PageSize.Page1G) || kind != BlockedKind.Hugetlb))
            throw new ArgumentException("hugePage must be 2M or 1G, and kind Hugetlb", nameof(hugePage));
        Range = range;
        Kind = (BlockedKind)Preconditions.InRange((int)kind, 0, (int)BlockedKind.Hugetlb, nameof(kind));
        HugePage = hugePage;
    }

    /// <summary>The pages.</summary>
    public AddressRange Range { get; }

    /// <summary>Why they are blocked.</summary>
    public BlockedKind Kind { get; }

    /// <summary>The size of the hugetlb pages; null where it is not known, and for other kinds.</summary>
    public PageSize? HugePage { get; }

    /// <summary>The range and its kind: <c>unmovable [0x1000, 0x9f000)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Range}";
}
