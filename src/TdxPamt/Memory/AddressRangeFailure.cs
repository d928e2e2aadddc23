namespace TdxPamt;

/// <summary>Why two addresses make no range.</summary>
/// <remarks>Immutable and equal by value.</remarks>
public sealed record AddressRangeFailure
{
    internal AddressRangeFailure(ulong start, ulong end)
    {
        Start = start;
        End = end;
        Code = start > end ? AddressRangeFailureCode.EndsBeforeStart
            : start == end ? AddressRangeFailureCode.Empty
            : end > AddressRange.Limit ? AddressRangeFailureCode.AboveLimit
            : AddressRangeFailureCode.NotWholePages;
    }

    /// <summary>The kind of failure; where several apply, the first in the order of the codes.</summary>
    public AddressRangeFailureCode Code { get; }

    /// <summary>The first address that was given, in bytes.</summary>
    public ulong Start { get; }

    /// <summary>The first address after it that was given, in bytes.</summary>
    public ulong End { get; }

    /// <summary>The failure in a sentence: <c>[0x1000, 0x1000) is empty</c>.</summary>
    public string Message => $"[0x{Start:x}, 0x{End:x}) " + Code switch
    {
        AddressRangeFailureCode.EndsBeforeStart => "ends before it starts",
        AddressRangeFailureCode.Empty => "is empty",
        AddressRangeFailureCode.AboveLimit => "is not below 2^52, where physical addresses end",
        _ => "is not a whole number of 4 KiB pages",
    };

    /// <summary>The failure in a sentence.</summary>
    /// <returns><see cref="Message"/>.</returns>
    public override string ToString() => Message;
}
