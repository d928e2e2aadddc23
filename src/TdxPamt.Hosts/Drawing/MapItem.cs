namespace TdxPamt.Hosts.Drawing;

/// <summary>One thing to draw.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Range">Where it lies.</param>
/// <param name="What">What it is called: <c>TDMR 0</c>.</param>
/// <param name="Labels">What to write on it, longest first: the first that fits is taken.</param>
internal sealed record MapItem(MapKind Kind, AddressRange Range, string What, params string[] Labels)
{
    /// <summary>What else there is to say of it, or null.</summary>
    internal string? Note { get; init; }

    /// <summary>Whether the plan fails at it, or because of it.</summary>
    internal bool IsMarked { get; init; }

    /// <summary>Whether the plan fails at it.</summary>
    internal bool IsFault => IsMarked && Kind is (MapKind.Ram or MapKind.Tdmr);

    /// <summary>Whether the plan would not fail without it and the others of its kind.</summary>
    internal bool IsToBlame => IsMarked && Kind == MapKind.ReservedHole;
}
