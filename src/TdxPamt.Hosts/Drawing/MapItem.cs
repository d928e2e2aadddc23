using TdxPamt.Memory;

namespace TdxPamt.Hosts.Drawing;

/// <summary>What a memory map shows, in the order it is painted.</summary>
internal enum MapKind
{
    /// <summary>RAM below 1 MiB, which is no TDX memory.</summary>
    LowRam,

    /// <summary>RAM that TDX can use.</summary>
    Ram,

    /// <summary>No RAM.</summary>
    Hole,

    /// <summary>A convertible memory region.</summary>
    Cmr,

    /// <summary>The chunk that holds a TDMR's PAMTs.</summary>
    Pamt,

    /// <summary>A TDMR.</summary>
    Tdmr,

    /// <summary>A reserved area of a TDMR, for a hole.</summary>
    ReservedHole,

    /// <summary>A reserved area of a TDMR, for PAMTs.</summary>
    ReservedPamt,
}

/// <summary>One thing to draw.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Range">Where it lies.</param>
/// <param name="What">What it is called: <c>TDMR 0</c>.</param>
/// <param name="Labels">What to write on it, longest first: the first that fits is taken.</param>
internal sealed record MapItem(MapKind Kind, AddressRange Range, string What, params string[] Labels)
{
    /// <summary>What else there is to say of it, or null.</summary>
    internal string? Note { get; init; }

    /// <summary>Whether the plan fails at it.</summary>
    internal bool IsMarked { get; init; }

    /// <summary>Its name, its range, its size and what else there is to say.</summary>
    internal string Title =>
        $"{What} {Range}, {MapText.Exact(Range.Size)}{(Note is null ? "" : $": {Note}")}";
}
