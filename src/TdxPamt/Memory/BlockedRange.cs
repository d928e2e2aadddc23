namespace TdxPamt;

/// <summary>Pages that the page allocator cannot hand out. Blocked ranges may overlap and may lie anywhere.</summary>
/// <param name="Range">The pages.</param>
/// <param name="Kind">Why they are blocked. All kinds have the same effect, but early at boot;
/// see <see cref="FreePageIndex.CreateAtBoot"/>.</param>
/// <remarks>Immutable; <c>default</c> blocks nothing.</remarks>
public readonly record struct BlockedRange(AddressRange Range, BlockedKind Kind)
{
    /// <summary>The range and its kind: <c>unmovable [0x1000, 0x9f000)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Range}";
}
