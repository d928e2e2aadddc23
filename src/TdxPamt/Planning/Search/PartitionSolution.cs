namespace TdxPamt.Planning;

/// <summary>What a <see cref="PartitionSearch"/> found.</summary>
/// <param name="Graph">All partitions.</param>
/// <param name="Table">The cheapest of them from each unit on.</param>
/// <param name="UnboundedMin">What the cheapest costs with any number of TDMRs.</param>
internal sealed record PartitionSolution(PartitionGraph Graph, PartitionTable Table, PartitionCost UnboundedMin)
{
    /// <summary>What the cheapest partition costs; <see cref="PartitionCost.Infinite"/> where every one has
    /// too many TDMRs.</summary>
    internal PartitionCost Min => Table.Min;

    /// <summary>Whether there is a partition within the limits.</summary>
    internal bool IsFeasible => Min != PartitionCost.Infinite;

    /// <summary>Whether there are few partitions, which can all be tried.</summary>
    internal bool IsSmall => Graph.Count <= PartitionSearch.SmallUnits;

    /// <summary>The cheapest partition, where there is one.</summary>
    internal AddressRange[] Cheapest() => Table.Cheapest();
}
