namespace TdxPamt.Planning;

/// <summary>How much more of a resource a machine can get until its kernel fails.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Used">How many reserved areas, TDMRs or GiB of TDMRs there are, 0 or more.</param>
/// <param name="Allowed">How many there may be, 0 or more.</param>
/// <param name="Tdmr">The TDMR that is nearest to its limit, or that grows; null for nodes.</param>
/// <remarks>Immutable; <c>default</c> has no kernel. Rules: docs/model.md#headroom.</remarks>
/// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
public readonly record struct HeadroomRow(
    KernelModel Kernel, HeadroomResource Resource, long Used, long Allowed, AddressRange? Tdmr)
{
    /// <summary>How many reserved areas, TDMRs or GiB of TDMRs there are, 0 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long Used { get; init => field = Check(value, nameof(Used)); } = Check(Used, nameof(Used));

    /// <summary>How many there may be, 0 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long Allowed { get; init => field = Check(value, nameof(Allowed)); } = Check(Allowed, nameof(Allowed));

    /// <summary>How many more the kernel still takes; it fails with one more than that. Negative where there are
    /// already too many, by that number.</summary>
    public long Left => Allowed - Used;

    /// <summary>The row in words: <c>3 more nodes, 61 of 64 TDMRs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string left = Left < 0 ? $"{-Left} too many" : $"{Left} more";
        return Resource switch
        {
            HeadroomResource.Holes => $"{left} holes in TDMR {Tdmr}, {Used} of {Allowed} reserved areas",
            HeadroomResource.Nodes => $"{left} nodes, {Used} of {Allowed} TDMRs",
            _ => $"{left} GiB, {Used} of {Allowed}",
        };
    }

    private static long Check(long value, string name) => value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more");
}
