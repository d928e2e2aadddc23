namespace TdxPamt.Planning;

/// <summary>Looks for the cheapest partition that works, which only placing its PAMTs can tell: branch and bound, depth
/// first, the branch with the lowest lower bound first. The lower bounds are those of the table.</summary>
/// <param name="solution">The partitions, and their lower bounds.</param>
/// <param name="maxTried">How many partitions to try at most.</param>
/// <param name="works">Says whether a partition works. Each that works is cheaper than those before.</param>
internal sealed class PartitionBranchAndBound(
    PartitionSolution solution, int maxTried, Func<AddressRange[], bool> works)
{
    private readonly PartitionGraph _graph = solution.Graph;
    private readonly List<AddressRange> _tdmrs = [];
    private PartitionCost _incumbent;
    private int _tried;

    /// <summary>Tries partitions until there are no cheaper ones.</summary>
    /// <param name="incumbent">What they must cost less than; null for any cost.</param>
    internal void Run(PartitionCost? incumbent = null)
    {
        _incumbent = incumbent ?? PartitionCost.Infinite;
        _tried = 0;
        Branch(0, solution.Table.LastRow, default);
    }

    private void Branch(int unit, int row, PartitionCost cost)
    {
        if (unit == _graph.Count)
        {
            _tried++;
            if (works([.. _tdmrs]))
                _incumbent = cost;
            return;
        }

        if (_tdmrs.Count == _graph.Module.MaxTdmrs)
            return;
        List<(PartitionCost LowerBound, PartitionCost Cost, PartitionEdge Edge)> branches = [];
        foreach (PartitionEdge edge in _graph.Edges[unit])
        {
            PartitionCost next = cost + _graph.CostOf(unit, edge);
            branches.Add((next + solution.Table.MinAfter(edge.End, row), next, edge));
        }

        branches.Sort(static (left, right) => left.LowerBound != right.LowerBound
            ? left.LowerBound.CompareTo(right.LowerBound)
            : left.Edge.End.CompareTo(right.Edge.End));
        foreach ((PartitionCost lowerBound, PartitionCost next, PartitionEdge edge) in branches)
        {
            if (_tried == maxTried || !lowerBound.IsBelow(_incumbent))
                return;
            _tdmrs.Add(_graph.RangeOf(unit, edge));
            Branch(edge.End, row - 1, next);
            _tdmrs.RemoveAt(_tdmrs.Count - 1);
        }
    }
}
