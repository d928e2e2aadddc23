namespace TdxPamt.Hosts;

/// <summary>A reserved area as a plan document gives it: any numbers of 64 bits, unchecked.</summary>
/// <param name="Offset">Where it starts, in bytes from the TDMR's base.</param>
/// <param name="Size">Its size, in bytes; 0 is a null entry.</param>
/// <remarks>Immutable; <c>default</c> is a null entry.</remarks>
public readonly record struct TdmrSetArea(ulong Offset, ulong Size);
