namespace TdxPamt;

/// <summary>Why no TDMRs could be constructed, with the values it failed at.</summary>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record TdmrFailure
{
    internal TdmrFailure(TdmrFailureCode code, Errno? errno, string message)
    {
        Code = code;
        Errno = errno;
        Message = message;
    }

    /// <summary>The kind of failure.</summary>
    public TdmrFailureCode Code { get; }

    /// <summary>The kernel's error number; null where Linux has no such failure.</summary>
    public Errno? Errno { get; }

    /// <summary>The failure in a sentence; where the kernel prints one, the kernel's.</summary>
    public string Message { get; }

    /// <summary>The index of the TDMR it failed at; null where it failed at none.</summary>
    public int? TdmrIndex { get; internal init; }

    /// <summary>The range it failed at: a TDMR, or the memory block that is not convertible; null where there is
    /// none.</summary>
    public AddressRange? Range { get; internal init; }

    /// <summary>How many were needed: TDMRs, pages, or reserved areas of the TDMR; null for other failures.</summary>
    public ulong? Needed { get; internal init; }

    /// <summary>How many were allowed: TDMRs, or reserved areas of a TDMR; null for other failures.</summary>
    public ulong? Allowed { get; internal init; }

    /// <summary>All reserved areas that the TDMR would have needed, where they ran out.</summary>
    public ValueList<ReservedArea> ReservedAreas { get; internal init; }

    /// <summary>What the allocator threw; null where it threw nothing.</summary>
    public Exception? Cause { get; internal init; }

    /// <summary>The failure in a sentence.</summary>
    /// <returns><see cref="Message"/>.</returns>
    public override string ToString() => Message;
}
