namespace System;

/// <summary>A part of a sequence, as <c>[1..]</c> is written.</summary>
[Microsoft.CodeAnalysis.Embedded]
internal readonly struct Range(Index start, Index end)
{
    /// <summary>Where it starts.</summary>
    public Index Start { get; } = start;

    /// <summary>The place after its last item.</summary>
    public Index End { get; } = end;

    /// <summary>All of a sequence.</summary>
    public static Range All => new(Index.Start, Index.End);

    public static Range StartAt(Index start) => new(start, Index.End);

    public static Range EndAt(Index end) => new(Index.Start, end);
}
