namespace TdxPamt.Planning;

/// <summary>Which plan is better: an acceptable one; then the one with less RAM excluded, less PAMT memory, fewer
/// strategies, more reserved areas left in the TDMR that has fewest, and more TDMRs left.</summary>
/// <remarks>Without state, so safe for many threads. Rules: docs/model.md#plan-order.</remarks>
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
        return x.IsAcceptable != y.IsAcceptable ? y.IsAcceptable.CompareTo(x.IsAcceptable)
            : x.ExcludedBytes != y.ExcludedBytes ? x.ExcludedBytes.CompareTo(y.ExcludedBytes)
            : x.PamtPages != y.PamtPages ? x.PamtPages.CompareTo(y.PamtPages)
            : x.Changes != y.Changes ? x.Changes.CompareTo(y.Changes)
            : x.MaxReservedAreasUsed != y.MaxReservedAreasUsed
                ? x.MaxReservedAreasUsed.CompareTo(y.MaxReservedAreasUsed)
            : x.Tdmrs.Count.CompareTo(y.Tdmrs.Count);
    }

    /// <summary>What comes first.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => "cheapest first";
}
