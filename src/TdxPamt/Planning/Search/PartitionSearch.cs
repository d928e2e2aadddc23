namespace TdxPamt.Planning;

/// <summary>Looks for the cheapest partition of memory into TDMRs whose holes, and whose number, stay within the
/// limits: a shortest path with a bounded number of edges.</summary>
internal sealed class PartitionSearch(PartitionGraph graph)
{
    /// <summary>Up to that many units partitions are few: exact tables are small, and all can be tried.</summary>
    internal const int SmallUnits = 8;

    /// <summary>Looks for the partition.</summary>
    internal PartitionSolution Run()
    {
        PartitionTable unbounded = PartitionTable.Unbounded(graph);
        PartitionTable table = unbounded.Min.Tdmrs <= graph.Module.MaxTdmrs ? unbounded
            : graph.MinTdmrs() > graph.Module.MaxTdmrs ? PartitionTable.Infeasible(graph)
            : graph.Count <= SmallUnits ? PartitionTable.Bounded(graph, graph.Edges)
            : PartitionRelaxation.Create(graph).Solve();
        return new(graph, table, unbounded.Min);
    }
}
