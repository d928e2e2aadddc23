namespace TdxPamt;

/// <summary>A TDMR and the chunk of pages that was allocated for its three PAMTs.</summary>
internal readonly record struct PlacedTdmr(UnplacedTdmr Tdmr, AddressRange Chunk);
