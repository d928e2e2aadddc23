namespace TdxPamt.Module;

/// <summary>What came of a transcript's replay.</summary>
/// <param name="Calls">How many calls were made.</param>
/// <param name="Differ">On how many lines the model's answer is another.</param>
/// <param name="Differences">The first of them.</param>
/// <remarks>Immutable; <c>default</c> is an empty transcript's.</remarks>
public readonly record struct SeamcallReplay(long Calls, long Differ, ValueList<SeamcallDifference> Differences)
{
    /// <summary>As the command prints it: <c>12 calls, 0 differ</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Calls} calls, {Differ} differ";
}
