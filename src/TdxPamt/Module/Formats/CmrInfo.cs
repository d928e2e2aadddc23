namespace TdxPamt.Module;

/// <summary>A convertible memory region as a CMR_INFO holds it.</summary>
/// <param name="Base">The address of its first byte. Any value can be written.</param>
/// <param name="Size">Its size, in bytes; 0 is a null entry. Any value can be written.</param>
/// <remarks>Immutable; <c>default</c> is a null entry. Layout: docs/model.md#cmr_info; what a module
/// accepts: docs/model.md#cmr-list.</remarks>
public readonly record struct CmrInfo(ulong Base, ulong Size)
{
    /// <summary>The entry of a range.</summary>
    /// <param name="range">The range; <c>default</c> gives a null entry.</param>
    /// <returns>The entry.</returns>
    public static CmrInfo FromRange(AddressRange range) => new(range.Start, range.Size);

    /// <summary>The region as Linux logs it: <c>CMR: [0x100000, 0x77800000)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"CMR: [0x{Base:x}, 0x{unchecked(Base + Size):x})";
}
