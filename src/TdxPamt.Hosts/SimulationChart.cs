namespace TdxPamt.Hosts;

/// <summary>Draws it.</summary>
public static class SimulationChart
{
    /// <summary>Stub.</summary>
    /// <param name="report">The report.</param>
    /// <param name="output">Where to.</param>
    public static void Write(SimulationReport report, Stream output)
    {
        _ = report ?? throw new ArgumentNullException(nameof(report));
        _ = output ?? throw new ArgumentNullException(nameof(output));
    }
}
