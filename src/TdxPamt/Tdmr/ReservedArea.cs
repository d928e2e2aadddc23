namespace TdxPamt;

/// <summary>A part of a TDMR that the module must not use; docs/model.md#reserved-area.</summary>
/// <param name="Offset">Where it starts, in bytes from the TDMR's base, a multiple of 4096.</param>
/// <param name="Size">Its size, in bytes, a multiple of 4096.</param>
/// <param name="Source">Why it is reserved.</param>
/// <remarks>Immutable; <c>default</c> has size 0, which the module reads as no area.</remarks>
public readonly record struct ReservedArea(ulong Offset, ulong Size, ReservedAreaSource Source)
{
    /// <summary>The area and its cause: <c>hole +[0x0, 0x100000)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{(Source == ReservedAreaSource.Hole ? "hole" : "pamt")} +[0x{Offset:x}, 0x{unchecked(Offset + Size):x})";
}
