namespace TdxPamt;

/// <summary>A TDMR whose PAMTs have a place.</summary>
internal struct PlacedTdmr
{
    /// <summary>The memory that it covers.</summary>
    internal AddressRange Range;

    /// <summary>The chunk that holds its PAMTs.</summary>
    internal AddressRange Chunk;

    /// <summary>The node that its PAMTs were wanted on.</summary>
    internal int Node;

    /// <summary>The position after its last reserved area among those of all TDMRs.</summary>
    internal int AreasEnd;
}
