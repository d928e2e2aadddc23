namespace TdxPamt.Planning;

/// <summary>The cheapest partition into MAX_TDMRS TDMRs at most, by Lagrangian relaxation.</summary>
/// <remarks>
/// <para>The bound on TDMRs is relaxed: instead, each TDMR costs a number of pages more, the multiplier. The relaxed
/// problem is a shortest path, and the shortest one through each edge is soon found. A partition of P pages within the
/// bound costs at most P + multiplier * MAX_TDMRS when relaxed, so the shortest path is a lower bound on that.</para>
/// <para>The exact table, which has a row for each number of TDMRs, is then worked out for few edges: those on a path
/// that is longer than the shortest by at most a gap. Where the partition that it gives is within the gap too, none of
/// the other edges can be part of a cheaper one. Otherwise the gap is widened.</para>
/// </remarks>
internal sealed class PartitionRelaxation
{
    private readonly PartitionGraph _graph;
    private readonly ulong _multiplier;
    private readonly ulong[] _fromUnit;
    private readonly ulong[] _toUnit;

    private PartitionRelaxation(PartitionGraph graph, ulong multiplier, ulong[] fromUnit, ulong[] toUnit)
    {
        _graph = graph;
        _multiplier = multiplier;
        _fromUnit = fromUnit;
        _toUnit = toUnit;
    }

    /// <summary>The gap that is tried first, in pages.</summary>
    internal ulong FirstGap => 1 + (_multiplier / 4);

    /// <summary>Relaxes the bound on TDMRs, with about the least multiplier at which the shortest
    /// path keeps it.</summary>
    internal static PartitionRelaxation Create(PartitionGraph graph)
    {
        ulong multiplier = FindMultiplier(graph);
        return new(graph, multiplier, ShortestFrom(graph, multiplier).Lengths, ShortestTo(graph, multiplier));
    }

    /// <summary>The table for MAX_TDMRS at most. There must be such a partition.</summary>
    internal PartitionTable Solve()
    {
        for (ulong gap = FirstGap; ; gap *= 4)
        {
            PartitionTable table = PartitionTable.Bounded(_graph, EdgesWithin(gap));
            if (table.Min != PartitionCost.Infinite
                && table.Min.Pages + (_multiplier * (ulong)_graph.Module.MaxTdmrs) <= _fromUnit[0] + gap)
            {
                return table;
            }
        }
    }

    /// <summary>The table of the relaxed problem, whose cheapest partition keeps the bound. It may be dearer than the
    /// cheapest that does, where no multiplier gives MAX_TDMRS exactly.</summary>
    internal PartitionTable Table() => PartitionTable.Unbounded(_graph, _multiplier);

    /// <summary>The edges on a path that is longer than the shortest by at most a gap, in pages.</summary>
    internal PartitionEdge[][] EdgesWithin(ulong gap)
    {
        ulong max = _fromUnit[0] + gap;
        PartitionEdge[][] edges = new PartitionEdge[_graph.Count][];
        for (int first = 0; first < edges.Length; first++)
        {
            ulong before = _toUnit[first] + _multiplier;
            edges[first] =
                Array.FindAll(_graph.Edges[first], edge => before + edge.Pages + _fromUnit[edge.End] <= max);
        }

        return edges;
    }

    /// <summary>Doubling, then bisection.</summary>
    private static ulong FindMultiplier(PartitionGraph graph)
    {
        int maxTdmrs = graph.Module.MaxTdmrs;
        ulong tooLow = 0;
        ulong enough = PamtSizes.CalculateUnchecked(TdmrInfo.Alignment, graph.Module).TotalPages;
        while (ShortestFrom(graph, enough).Tdmrs > maxTdmrs)
        {
            tooLow = enough;
            enough *= 2;
        }

        while (enough - tooLow > 1 + (enough / 16))
        {
            ulong middle = tooLow + ((enough - tooLow) / 2);
            int tdmrs = ShortestFrom(graph, middle).Tdmrs;
            if (tdmrs > maxTdmrs)
                tooLow = middle;
            else
                enough = middle;
            if (tdmrs == maxTdmrs)
                break;
        }

        return enough;
    }

    /// <summary>The length of the shortest path from each unit to the end, and how many TDMRs that from
    /// the first has.</summary>
    private static (ulong[] Lengths, int Tdmrs) ShortestFrom(PartitionGraph graph, ulong multiplier)
    {
        ulong[] lengths = new ulong[graph.Count + 1];
        int[] tdmrs = new int[graph.Count + 1];
        for (int first = graph.Count - 1; first >= 0; first--)
        {
            ulong best = ulong.MaxValue;
            foreach (PartitionEdge edge in graph.Edges[first])
            {
                ulong length = edge.Pages + lengths[edge.End];
                if (length > best || (length == best && tdmrs[edge.End] >= tdmrs[first]))
                    continue;
                best = length;
                tdmrs[first] = tdmrs[edge.End];
            }

            lengths[first] = best + multiplier;
            tdmrs[first]++;
        }

        return (lengths, tdmrs[0]);
    }

    /// <summary>The length of the shortest path from the first unit to each.</summary>
    private static ulong[] ShortestTo(PartitionGraph graph, ulong multiplier)
    {
        ulong[] lengths = new ulong[graph.Count + 1];
        lengths.AsSpan(1).Fill(ulong.MaxValue);
        for (int first = 0; first < graph.Count; first++)
        {
            foreach (PartitionEdge edge in graph.Edges[first])
                lengths[edge.End] = Math.Min(lengths[edge.End], lengths[first] + edge.Pages + multiplier);
        }

        return lengths;
    }
}
