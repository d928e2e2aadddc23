namespace TdxPamt;

/// <summary>Why no TDMRs could be constructed, with the values at fault; docs/model.md#failures.</summary>
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

    /// <summary>The index of the TDMR that failed, or of the first that there was no room for; null for
    /// other failures.</summary>
    public int? TdmrIndex { get; internal init; }

    /// <summary>The TDMR that failed, or the memory block that is not convertible; null for other failures.</summary>
    public AddressRange? Range { get; internal init; }

    /// <summary>How many were needed: TDMRs, pages, or reserved areas of the TDMR; or how many memory blocks there are,
    /// where these are too many. Null for other failures.</summary>
    public ulong? Needed { get; internal init; }

    /// <summary>How many were allowed: TDMRs, reserved areas of a TDMR, or memory blocks; null for
    /// other failures.</summary>
    public ulong? Allowed { get; internal init; }

    /// <summary>All reserved areas that the TDMR would need, where they ran out; empty for other failures.</summary>
    public ValueList<ReservedArea> ReservedAreas { get; internal init; }

    /// <summary>What the allocator threw; null where it threw nothing.</summary>
    public Exception? Cause { get; internal init; }

    /// <summary>The failure in a sentence.</summary>
    /// <returns><see cref="Message"/>.</returns>
    public override string ToString() => Message;
}
