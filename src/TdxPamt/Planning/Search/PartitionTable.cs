namespace TdxPamt.Planning;

/// <summary>The cost of the cheapest partition from each unit on: dynamic programming over suffixes, from the last unit
/// to the first.</summary>
internal sealed class PartitionTable
{
    private readonly PartitionGraph _graph;

    /// <summary>The costs by row and unit: row r has at most r + 1 TDMRs. A table that is not bounded has one row, of
    /// any number of TDMRs.</summary>
    private readonly PartitionCost[][] _rows;
    private readonly bool _isBounded;

    private PartitionTable(PartitionGraph graph, PartitionCost[][] rows, bool isBounded)
    {
        _graph = graph;
        _rows = rows;
        _isBounded = isBounded;
    }

    /// <summary>The cost of the cheapest partition; <see cref="PartitionCost.Infinite"/> where there is none.</summary>
    internal PartitionCost Min => _rows[^1][0];

    /// <summary>The row of the whole memory.</summary>
    internal int LastRow => _rows.Length - 1;

    /// <summary>The table for any number of TDMRs, each of which costs a number of pages more.</summary>
    internal static PartitionTable Unbounded(PartitionGraph graph, ulong multiplier = 0) =>
        new(graph, [Row(graph, graph.Edges, after: null, multiplier)], isBounded: false);

    /// <summary>The table for MAX_TDMRS at most.</summary>
    internal static PartitionTable Bounded(PartitionGraph graph, PartitionEdge[][] edges)
    {
        PartitionCost[] after = new PartitionCost[graph.Count + 1];
        after.AsSpan(0, graph.Count).Fill(PartitionCost.Infinite);
        PartitionCost[][] rows = new PartitionCost[Math.Min(graph.Module.MaxTdmrs, graph.Count)][];
        for (int row = 0; row < rows.Length; row++)
            rows[row] = after = Row(graph, edges, after, multiplier: 0);
        return new(graph, rows, isBounded: true);
    }

    /// <summary>The table where every partition has too many TDMRs.</summary>
    internal static PartitionTable Infeasible(PartitionGraph graph) =>
        new(graph, [[PartitionCost.Infinite]], isBounded: true);

    /// <summary>The least cost from a unit on, after a TDMR that was chosen in a row.</summary>
    internal PartitionCost MinAfter(int unit, int row) =>
        unit == _graph.Count ? default
        : !_isBounded ? _rows[0][unit]
        : row == 0 ? PartitionCost.Infinite
        : _rows[row - 1][unit];

    /// <summary>The cheapest partition, where there is one.</summary>
    internal AddressRange[] Cheapest()
    {
        List<AddressRange> tdmrs = [];
        int row = LastRow;
        for (int unit = 0; unit < _graph.Count; row--)
        {
            PartitionCost min = _rows[_isBounded ? row : 0][unit];
            PartitionEdge edge = Array.Find(
                _graph.Edges[unit], edge => _graph.CostOf(unit, edge) + MinAfter(edge.End, row) == min);
            tdmrs.Add(_graph.RangeOf(unit, edge));
            unit = edge.End;
        }

        return [.. tdmrs];
    }

    /// <summary>Bellman's recursion: the least cost from each unit on, where the units after a TDMR cost what another
    /// row says; without one, what this row says.</summary>
    private static PartitionCost[] Row(
        PartitionGraph graph, PartitionEdge[][] edges, PartitionCost[]? after, ulong multiplier)
    {
        PartitionCost[] row = new PartitionCost[graph.Count + 1];
        after ??= row;
        for (int first = graph.Count - 1; first >= 0; first--)
        {
            PartitionCost best = PartitionCost.Infinite;
            foreach (PartitionEdge edge in edges[first])
            {
                ref PartitionCost rest = ref after[edge.End];
                if (multiplier > 0)
                {
                    PartitionCost relaxed = graph.CostOf(first, edge) + rest;
                    if (best == PartitionCost.Infinite || relaxed.IsBelow(best, multiplier))
                        best = relaxed;
                    continue;
                }

                // Longer TDMRs cost no less.
                if (edge.Pages > best.Pages)
                    break;
                if (rest.Pages > best.Pages - edge.Pages)
                    continue;
                PartitionCost cost = graph.CostOf(first, edge) + rest;
                if (cost.IsBelow(best))
                    best = cost;
            }

            row[first] = best;
        }

        return row;
    }
}
