namespace TdxPamt.Module;

/// <summary>The id of a metadata field, as TDH.SYS.RD takes it in RDX (docs/model.md#field-id).</summary>
/// <param name="Value">The id: any 64 bits. Most values are the id of no field.</param>
/// <remarks>Immutable; <c>default</c> reads the number of packages. TDH.SYS.RD looks a field up by <see cref="Class"/>
/// and <see cref="FieldCode"/> alone, so several ids name the same field.</remarks>
public readonly record struct MetadataFieldId(ulong Value)
{
    private const ulong ContextBits = 7UL << 52;

    /// <summary>Bits 31:24, 37:34 (last element), 46:38 (last field), 49:47, 55 and 62.</summary>
    private const ulong ReservedBits =
        (0xFFUL << 24) | (0xFUL << 34) | (0x1FFUL << 38) | (7UL << 47) | (1UL << 55) | (1UL << 62);

    /// <summary>The field's code in its class: bits 23:0.</summary>
    public int FieldCode => (int)(Value & 0xFFFFFF);

    /// <summary>The size of one element, in bytes, 1, 2, 4 or 8: bits 33:32 are its logarithm to base 2.</summary>
    public int ElementBytes => 1 << (int)((Value >> 32) & 3);

    /// <summary>The field's class: bits 61:56.</summary>
    public int Class => (int)((Value >> 56) & 0x3F);

    /// <summary>Whether TDH.SYS.RD takes it for "the first field": all ones, whatever the context in
    /// bits 54:52.</summary>
    internal bool IsFirstInContext => (Value | ContextBits) == ulong.MaxValue;

    /// <summary>The id with context 0, the system.</summary>
    internal ulong WithoutContext => Value & ~ContextBits;

    /// <summary>Whether bits are set that TDH.SYS.RD wants to be 0.</summary>
    internal bool HasReservedBits => (Value & ReservedBits) != 0;

    /// <summary>The id in hex: <c>0x9100000100000008</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"0x{Value:X16}";
}
