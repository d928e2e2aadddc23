namespace TdxPamt.Hosts.Drawing;

/// <summary>What a memory map shows, in the order it is painted.</summary>
internal enum MapKind
{
    /// <summary>RAM below 1 MiB, which is no TDX memory.</summary>
    LowRam,

    /// <summary>RAM that TDX can use.</summary>
    Ram,

    /// <summary>No RAM.</summary>
    Hole,

    /// <summary>A convertible memory region.</summary>
    Cmr,

    /// <summary>The chunk that holds a TDMR's PAMTs.</summary>
    Pamt,

    /// <summary>A TDMR.</summary>
    Tdmr,

    /// <summary>A reserved area of a TDMR, for a hole.</summary>
    ReservedHole,

    /// <summary>A reserved area of a TDMR, for PAMTs.</summary>
    ReservedPamt,
}
