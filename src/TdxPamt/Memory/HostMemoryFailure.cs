namespace TdxPamt;

/// <summary>Why parts make no <see cref="HostMemory"/> or <see cref="NodeFallback"/>.</summary>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record HostMemoryFailure
{
    internal HostMemoryFailure(HostMemoryPart part, string message)
    {
        Part = part;
        Message = message;
    }

    /// <summary>The list that is wrong.</summary>
    public HostMemoryPart Part { get; }

    /// <summary>The failure in a sentence, with the ranges or the node.</summary>
    public string Message { get; }

    /// <summary>The range that is empty, or the lower of two that overlap; null where the list
    /// holds no ranges.</summary>
    public AddressRange? Range { get; internal init; }

    /// <summary>The range that <see cref="Range"/> overlaps; null where it is empty, or the list
    /// holds no ranges.</summary>
    public AddressRange? Other { get; internal init; }

    /// <summary>The node whose order, row of distances or ZONE_MOVABLE is wrong; null where it is no
    /// single node's.</summary>
    public int? Node { get; internal init; }

    /// <summary>The failure in a sentence.</summary>
    /// <returns><see cref="Message"/>.</returns>
    public override string ToString() => Message;
}
