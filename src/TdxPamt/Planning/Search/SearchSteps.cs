namespace TdxPamt.Planning;

/// <summary>How much a search has done so far, counted instead of timed so that every machine gives
/// the same answer.</summary>
internal sealed class SearchSteps
{
    /// <summary>The comparisons that were made, to within a small factor.</summary>
    internal long Taken { get; private set; }

    internal void Take(long steps) => Taken += steps;
}
