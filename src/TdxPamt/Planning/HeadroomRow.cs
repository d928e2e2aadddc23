namespace TdxPamt.Planning;

/// <summary>How much more of something a machine's layout takes.</summary>
/// <param name="Kernel">Whose way it is.</param>
/// <param name="Resource">Of what.</param>
/// <param name="Used">How many reserved areas, TDMRs or GiB of TDMRs there are, 0 or more.</param>
/// <param name="Allowed">How many there may be, 0 or more.</param>
/// <param name="Tdmr">The TDMR that is nearest to its limit, or that grows; null where the limit is not a
/// TDMR's.</param>
/// <remarks>Immutable; <c>default</c> is of no kernel.</remarks>
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

    /// <summary>How many more still work; one more than that does not. Below 0 where there are that many too
    /// many.</summary>
    public long Left => Allowed - Used;

    /// <summary>The row in words.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Resource switch
    {
        HeadroomResource.Holes =>
            $"{Left} more holes in TDMR {Tdmr}, {Used} of {Allowed} reserved areas",
        HeadroomResource.Nodes => $"{Left} more nodes, {Used} of {Allowed} TDMRs",
        _ => $"{Left} more GiB, {Used} of {Allowed}",
    };

    private static long Check(long value, string name) => value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more");
}
