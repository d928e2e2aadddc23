using TdxPamt.Memory;
using TdxPamt.Tdmr;

namespace TdxPamt.Hosts;

/// <summary>A TDMR as a plan document gives it: any numbers of 64 bits, unchecked.</summary>
/// <param name="Base">Its first address, in bytes.</param>
/// <param name="Size">Its size, in bytes.</param>
/// <param name="Pamt4K">The PAMT for 4K pages; <c>default</c> where the document has none.</param>
/// <param name="Pamt2M">The PAMT for 2M pages; <c>default</c> where the document has none.</param>
/// <param name="Pamt1G">The PAMT for 1G pages; <c>default</c> where the document has none.</param>
/// <param name="ReservedAreas">The reserved areas in the document's order, as many as it has.</param>
/// <remarks>Immutable and equal by value.</remarks>
public readonly record struct TdmrSetEntry(
    ulong Base, ulong Size, Pamt Pamt4K, Pamt Pamt2M, Pamt Pamt1G, ValueList<TdmrSetArea> ReservedAreas);
