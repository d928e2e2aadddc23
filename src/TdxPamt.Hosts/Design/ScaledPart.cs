namespace TdxPamt.Hosts;

/// <summary>A range of RAM above 4 GiB that is scaled, with the hole behind it that keeps its size.</summary>
/// <param name="Range">The range.</param>
/// <param name="Node">Its node.</param>
/// <param name="Span">The range with that hole, in bytes.</param>
/// <param name="IsJoined">Whether it follows the part before it without a larger hole.</param>
internal sealed record ScaledPart(AddressRange Range, int Node, ulong Span, bool IsJoined)
{
    /// <summary>Where it starts in the scaled machine, in bytes.</summary>
    internal ulong Start { get; set; }

    /// <summary>Its span in the scaled machine, in bytes.</summary>
    internal ulong ScaledSpan { get; set; }

    internal ulong End => Start + ScaledSpan - Hole;

    /// <summary>The hole behind the range, in bytes.</summary>
    internal ulong Hole => Span - Range.Size;

    /// <summary>Where an address of the range, or behind it, is in the scaled machine.</summary>
    internal ulong Map(ulong address)
    {
        if (address >= Range.End)
            return End + (address - Range.End);
        decimal share = (decimal)(address - Range.Start) / Range.Size;
        return Start + ((ulong)(share * (End - Start)) / AddressRange.PageBytes * AddressRange.PageBytes);
    }
}
