namespace TdxPamt.Module;

/// <summary>What came of a start-up.</summary>
/// <param name="Log">What the kernel prints, in order, without its prefix.</param>
/// <param name="Failure">Where it stopped; null where the module is ready.</param>
/// <remarks>Immutable.</remarks>
public sealed record LinuxTdxStartResult(ValueList<string> Log, LinuxTdxStartFailure? Failure)
{
    /// <summary>Whether the module is ready for TDs.</summary>
    public bool IsReady => Failure is null;

    /// <summary>The last line of the log.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Log.Count == 0 ? "" : Log[^1];
}
