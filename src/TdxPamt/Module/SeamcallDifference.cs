namespace TdxPamt.Module;

/// <summary>A line of a transcript to which the model has another answer.</summary>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Expected">What the transcript says.</param>
/// <param name="Actual">What the model answers.</param>
/// <remarks>Immutable; <c>default</c> is no line.</remarks>
public readonly record struct SeamcallDifference(long Line, string Expected, string Actual)
{
    /// <summary>The difference in a line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"line {Line}: expected {Expected}, actual {Actual}";
}
