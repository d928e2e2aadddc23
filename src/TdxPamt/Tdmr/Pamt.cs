namespace TdxPamt;

/// <summary>Where the PAMT of one page size lies; docs/model.md#pamt.</summary>
/// <param name="Base">The physical address of its first byte, a multiple of 4096.</param>
/// <param name="Size">Its size, in bytes, a multiple of 4096.</param>
/// <remarks>Immutable; <c>default</c> is no PAMT.</remarks>
public readonly record struct Pamt(ulong Base, ulong Size)
{
    /// <summary>The pages that hold it.</summary>
    /// <exception cref="InvalidOperationException">They are none, end above 2^52, or are not whole.</exception>
    public AddressRange Range
    {
        get
        {
            if (!AddressRange.TryCreate(Base, unchecked(Base + Size), out AddressRange range))
                ThrowNoRange();
            return range;
        }
    }

    /// <summary>The PAMT's range: <c>[0x100000000, 0x120000000)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"[0x{Base:x}, 0x{unchecked(Base + Size):x})";

    private void ThrowNoRange() => throw new InvalidOperationException($"a PAMT at {this} is not a range of pages");
}
