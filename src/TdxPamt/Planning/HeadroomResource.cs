namespace TdxPamt.Planning;

/// <summary>What a machine can get more of until its layout stops working.</summary>
public enum HeadroomResource
{
    /// <summary>Holes in the TDMR that has fewest reserved areas left.</summary>
    Holes,

    /// <summary>NUMA nodes above the others, each with whole GiBs of its own: each is one TDMR more.</summary>
    Nodes,

    /// <summary>GiB of RAM at the end of the last memory block.</summary>
    GiB,
}
