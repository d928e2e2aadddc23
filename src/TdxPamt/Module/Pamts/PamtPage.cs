namespace TdxPamt.Module;

/// <summary>What the PAMTs record about a page (docs/model.md#pamt-entry).</summary>
/// <param name="Level">The level of the one entry that tracks the page. For a page that is not used, the smallest page
/// size that has an entry there: 2M with Dynamic PAMT in a region without a pair, else 4K.</param>
/// <param name="Type">What the page is. PT_PAMT means a page that holds entries, never a region.</param>
/// <param name="Owner">The address of the owning TD's TDR page, in bytes; 0 where there is none.</param>
/// <remarks>Immutable; <c>default</c> is a 4K page that is not used.</remarks>
public readonly record struct PamtPage(PageSize Level, PamtPageType Type, ulong Owner)
{
    /// <summary>Level, type and owner: <c>Page4K Regular of 0x12000</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Level} {Type} of 0x{Owner:x}";
}
