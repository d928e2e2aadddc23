namespace TdxPamt.Hosts;

/// <summary>A CMR as a plan document gives it: any numbers of 64 bits, unchecked.</summary>
/// <param name="Start">Its first address, in bytes.</param>
/// <param name="End">The first address after it, in bytes.</param>
/// <remarks>Immutable; <c>default</c> is empty.</remarks>
public readonly record struct TdmrSetRange(ulong Start, ulong End)
{
    /// <summary>The size, in bytes, modulo 2^64.</summary>
    public ulong Size => unchecked(End - Start);

    /// <summary>The range: <c>[0x100000, 0x6f800000)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"[0x{Start:x}, 0x{End:x})";
}
