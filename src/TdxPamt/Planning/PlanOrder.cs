namespace TdxPamt.Planning;

/// <summary>Which plan is better: one that the module accepts; then the one with less RAM given up, less PAMT memory,
/// fewer changes from the kernel's way, more reserved areas left where fewest are, and more TDMRs left.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
public sealed class PlanOrder : IComparer<MemoryPlan?>
{
    private PlanOrder()
    {
    }

    /// <summary>The order; the better plan comes first.</summary>
    public static PlanOrder Instance { get; } = new();

    /// <summary>Compares two plans of one machine and one module.</summary>
    /// <param name="x">A plan; null comes last.</param>
    /// <param name="y">Another.</param>
    /// <returns>Below 0 where the first is better, above 0 where the second is, 0 where neither is.</returns>
    public int Compare(MemoryPlan? x, MemoryPlan? y)
    {
        if (x is null || y is null)
            return (x is null).CompareTo(y is null);
        return x.IsAccepted != y.IsAccepted ? y.IsAccepted.CompareTo(x.IsAccepted)
            : x.ExcludedBytes != y.ExcludedBytes ? x.ExcludedBytes.CompareTo(y.ExcludedBytes)
            : x.PamtPages != y.PamtPages ? x.PamtPages.CompareTo(y.PamtPages)
            : x.Changes != y.Changes ? x.Changes.CompareTo(y.Changes)
            : x.MostReservedAreas != y.MostReservedAreas ? x.MostReservedAreas.CompareTo(y.MostReservedAreas)
            : x.Tdmrs.Count.CompareTo(y.Tdmrs.Count);
    }

    /// <summary>What comes first.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => "cheapest first";
}
