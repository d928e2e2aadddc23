namespace TdxPamt.Module;

/// <summary>The id of a metadata field, as TDH.SYS.RD takes it in RDX (docs/model.md#field-id).</summary>
/// <param name="Value">The id: any 64 bits. Most values are the id of no field.</param>
/// <remarks>Immutable; <c>default</c> is the id of no <see cref="MetadataField"/>. TDH.SYS.RD looks at
/// <see cref="Class"/> and <see cref="FieldCode"/> alone, so several ids are the same field.</remarks>
public readonly record struct MetadataFieldId(ulong Value)
{
    private const ulong ContextBits = 7UL << 52;

    /// <summary>Bits 31:24, 37:34 (last element), 46:38 (last field), 49:47, 55 and 62.</summary>
    private const ulong ReservedBits =
        (0xFFUL << 24) | (0xFUL << 34) | (0x1FFUL << 38) | (7UL << 47) | (1UL << 55) | (1UL << 62);

    private const uint CmrBaseCode = 0x80;
    private const uint CmrSizeCode = 0x100;

    /// <summary>The field's code in its class: bits 23:0.</summary>
    public int FieldCode => (int)(Value & 0xFFFFFF);

    /// <summary>The size of one element, in bytes, 1, 2, 4 or 8: bits 33:32 are its logarithm to base 2.</summary>
    public int ElementBytes => 1 << (int)((Value >> 32) & 3);

    /// <summary>The field's class: bits 61:56.</summary>
    public int Class => (int)((Value >> 56) & 0x3F);

    /// <summary>Whether TDH.SYS.RD takes it for "the first field": all ones, whatever the context in bits 54:52.</summary>
    internal bool IsFirstInContext => (Value | ContextBits) == ulong.MaxValue;

    /// <summary>The number without the context that it names.</summary>
    internal ulong WithoutContext => Value & ~ContextBits;

    /// <summary>Whether bits are set that no number of a single element has.</summary>
    internal bool HasReservedBits => (Value & ReservedBits) != 0;

    /// <summary>The id of a field.</summary>
    /// <param name="field">The field.</param>
    /// <param name="index">The index, 0 to 31, for CMR_BASE and CMR_SIZE; 0 for the others.</param>
    /// <returns>The id, as the module's field list has it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such field, or the index is not in that
    /// interval.</exception>
    public static MetadataFieldId FromField(MetadataField field, int index = 0)
    {
        bool isCmr = field is MetadataField.CmrBase or MetadataField.CmrSize;
        ulong offset = (ulong)Preconditions.InRange(index, 0, isCmr ? CmrTable.Entries - 1 : 0, nameof(index));
        return new(offset + field switch
        {
            MetadataField.MaxTdmrs => 0x9100000100000008,
            MetadataField.MaxReservedPerTdmr => 0x9100000100000009,
            MetadataField.PamtEntrySize4K => 0x9100000100000010,
            MetadataField.PamtEntrySize2M => 0x9100000100000011,
            MetadataField.PamtEntrySize1G => 0x9100000100000012,
            MetadataField.PamtPageBitmapEntryBits => 0x9100000000000013,
            MetadataField.NumCmrs => 0x9000000100000000,
            MetadataField.CmrBase => 0x9000000300000000 + CmrBaseCode,
            MetadataField.CmrSize => 0x9000000300000000 + CmrSizeCode,
            MetadataField.TdxFeatures0 => 0x0A00000300000008,
            _ => throw new ArgumentOutOfRangeException(nameof(field), field, "field must be one of the named ones"),
        });
    }

    /// <summary>Looks up the field that TDH.SYS.RD reads for this id.</summary>
    /// <param name="field">The field; <c>default</c> where the method returns false.</param>
    /// <param name="index">The index, 0 to 31, for CMR_BASE and CMR_SIZE; 0 for the others.</param>
    /// <returns>False where it is the id of no <see cref="MetadataField"/>.</returns>
    public bool TryGetField(out MetadataField field, out int index)
    {
        index = 0;
        MetadataField? found = (Class, FieldCode) switch
        {
            (0x11, 0x08) => MetadataField.MaxTdmrs,
            (0x11, 0x09) => MetadataField.MaxReservedPerTdmr,
            (0x11, 0x10) => MetadataField.PamtEntrySize4K,
            (0x11, 0x11) => MetadataField.PamtEntrySize2M,
            (0x11, 0x12) => MetadataField.PamtEntrySize1G,
            (0x11, 0x13) => MetadataField.PamtPageBitmapEntryBits,
            (0x10, 0x00) => MetadataField.NumCmrs,
            (0x0A, 0x08) => MetadataField.TdxFeatures0,
            _ => null,
        };
        if (found is null && Class == 0x10)
            found = TryGetCmr(CmrBaseCode, out index) ? MetadataField.CmrBase
                : TryGetCmr(CmrSizeCode, out index) ? MetadataField.CmrSize
                : null;
        field = found ?? default;
        return found is not null;
    }

    /// <summary>The id in hex: <c>0x9100000100000008</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"0x{Value:X16}";

    private bool TryGetCmr(uint first, out int index)
    {
        bool inside = FieldCode >= first && FieldCode < first + CmrTable.Entries;
        index = inside ? FieldCode - (int)first : 0;
        return inside;
    }
}
