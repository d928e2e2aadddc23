namespace TdxPamt.Planning;

/// <summary>What a machine can get more of until its kernel fails (docs/model.md#headroom).</summary>
public enum HeadroomResource
{
    /// <summary>Holes in the TDMR that has the fewest reserved areas left.</summary>
    Holes,

    /// <summary>NUMA nodes at addresses above the others, each with whole GiBs of its own: one
    /// more TDMR each.</summary>
    Nodes,

    /// <summary>GiB of RAM at the end of the last memory block.</summary>
    GiB,
}
