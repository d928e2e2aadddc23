namespace TdxPamt.Planning;

/// <summary>What a <see cref="LayoutSearch"/> found.</summary>
/// <param name="Layout">The layout that works, or else the nearest one; null where no TDMRs stay within limits.</param>
/// <param name="Failure">Why nothing works; null where the layout does.</param>
internal readonly record struct LayoutResult(Layout? Layout, TdmrFailure? Failure)
{
    internal LayoutResult(Layout layout)
        : this(layout, layout.Failure)
    {
    }
}
