namespace TdxPamt.Planning;

/// <summary>A TDMR that can start at a unit.</summary>
/// <param name="End">The unit after its last one; the number of units where it ends with the memory.</param>
/// <param name="Pages">The pages of its PAMTs.</param>
internal readonly record struct PartitionEdge(int End, ulong Pages);
