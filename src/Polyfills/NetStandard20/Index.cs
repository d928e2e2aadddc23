namespace System;

/// <summary>A place in a sequence, counted from its start or from its end, as <c>[^1]</c> is written.</summary>
[Microsoft.CodeAnalysis.Embedded]
internal readonly struct Index(int value, bool fromEnd = false)
{
    /// <summary>The place of a sequence's first item.</summary>
    public static Index Start => new(0);

    /// <summary>The place after a sequence's last item.</summary>
    public static Index End => new(0, fromEnd: true);

    /// <summary>The place in a sequence, from its start.</summary>
    public int GetOffset(int length) => fromEnd ? length - value : value;

    public static implicit operator Index(int value) => new(value);
}
