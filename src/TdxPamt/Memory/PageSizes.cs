namespace TdxPamt;

/// <summary>The bytes and the name of each <see cref="PageSize"/>.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
public static class PageSizes
{
    /// <summary>All page sizes, in the order in which Linux lays PAMTs out: 4K, 2M, 1G.</summary>
    public static ReadOnlySpan<PageSize> All => [PageSize.Page4K, PageSize.Page2M, PageSize.Page1G];

    /// <summary>The size of a page.</summary>
    /// <param name="size">The page size.</param>
    /// <returns>The size, in bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the three.</exception>
    public static ulong Bytes(this PageSize size) =>
        4096UL << (9 * Preconditions.InRange((int)size, 0, 2, nameof(size)));

    /// <summary>The short name of a page size.</summary>
    /// <param name="size">The page size.</param>
    /// <returns><c>4K</c>, <c>2M</c> or <c>1G</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the three.</exception>
    public static string Label(this PageSize size) => size switch
    {
        PageSize.Page4K => "4K",
        PageSize.Page2M => "2M",
        PageSize.Page1G => "1G",
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "size must be 4K, 2M or 1G"),
    };
}
