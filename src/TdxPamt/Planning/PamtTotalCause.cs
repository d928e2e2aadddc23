namespace TdxPamt.Planning;

/// <summary>One possible cause of the PAMT total that a machine reported.</summary>
/// <remarks>Immutable and equal by value. Rules: docs/model.md#figure.</remarks>
public sealed record PamtTotalCause
{
    internal PamtTotalCause(PamtTotalCauseKind kind)
    {
        Kind = kind;
    }

    /// <summary>The kind of cause.</summary>
    public PamtTotalCauseKind Kind { get; }

    /// <summary>The TDMRs that there would be, in ascending
    /// order; none for <see cref="PamtTotalCauseKind.OtherMemory"/>.</summary>
    public ValueList<AddressRange> Tdmrs { get; internal init; }

    /// <summary>Those of them that are split or joined: <c>[0x0, 0x40000000), [0x40000000, 0x80000000)</c>.</summary>
    public ValueList<AddressRange> Changed { get; internal init; }

    /// <summary>How many more GiB of TDMRs there would be; negative for fewer; 0 for every other kind.</summary>
    public long MoreGiB { get; internal init; }

    /// <summary>The cause in a few words.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Kind switch
    {
        PamtTotalCauseKind.SplitTdmrs =>
            $"TDMRs split into {string.Join(" + ", Changed.Select(static tdmr => tdmr.ToString()))}",
        PamtTotalCauseKind.JoinedTdmrs => $"TDMRs joined to {Changed}",
        PamtTotalCauseKind.DynamicPamt => "Dynamic PAMT the other way",
        _ => MoreGiB > 0 ? $"{MoreGiB} GiB more in TDMRs" : $"{-MoreGiB} GiB fewer in TDMRs",
    };
}
