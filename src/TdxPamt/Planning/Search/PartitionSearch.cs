namespace TdxPamt.Planning;

/// <summary>Looks for the cheapest partition of memory into TDMRs whose holes, and whose number, stay within the
/// limits: a shortest path with a bounded number of edges.</summary>
internal sealed class PartitionSearch(PartitionGraph graph)
{
    /// <summary>Up to that many units partitions are few: exact tables are small, and all can be tried.</summary>
    internal const int SmallUnits = 8;

    /// <summary>Up to that many cells a table with a row for each number of TDMRs is worked out.</summary>
    private const long MaxCells = 1 << 20;

    /// <summary>Looks for the partition.</summary>
    internal PartitionSolution Run()
    {
        PartitionTable unbounded = PartitionTable.Unbounded(graph);
        PartitionTable table = unbounded.Min.Tdmrs <= graph.Module.MaxTdmrs ? unbounded
            : graph.MinTdmrs() > graph.Module.MaxTdmrs ? PartitionTable.Infeasible(graph)
            : graph.Count <= SmallUnits ? PartitionTable.Bounded(graph, graph.Edges)
            : Math.Min(graph.Module.MaxTdmrs, graph.Count) * (long)graph.Count <= MaxCells
                ? PartitionRelaxation.Create(graph).Solve()
            : PartitionRelaxation.Create(graph).Table();
        return new(graph, table, unbounded.Min);
    }
}
