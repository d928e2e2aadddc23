namespace TdxPamt.Module;

/// <summary>What the PAMTs say of a page.</summary>
/// <param name="Level">The level of the one entry that tracks it. For a page that is not used, the smallest page size
/// there are entries for: with Dynamic PAMT 2M where its region has no pair, else 4K.</param>
/// <param name="Type">What the page is. Never PT_PAMT for a region, only for a page that holds entries.</param>
/// <param name="Owner">The address of the TDR page of the TD that it belongs to, in bytes; 0 where there is
/// none.</param>
/// <remarks>Immutable; <c>default</c> is a 4K page that is not used.</remarks>
public readonly record struct PamtPage(PageSize Level, PamtPageType Type, ulong Owner)
{
    /// <summary>Level, type and owner: <c>Page4K Regular of 0x12000</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Level} {Type} of 0x{Owner:x}";
}
