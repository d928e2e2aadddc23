namespace TdxPamt;

/// <summary>In which order Linux looks through NUMA nodes for pages, given or derived from distances.</summary>
/// <remarks>Immutable and safe for many threads.</remarks>
public sealed class NodeFallback
{
    private readonly int[]?[] _orders;
    private readonly int[][] _distances;

    private NodeFallback(int[]?[] orders, int[][] distances)
    {
        _orders = orders;
        _distances = distances;
    }

    /// <summary>No order is known and every other node is equally far.</summary>
    public static NodeFallback Default { get; } = new([], []);

    /// <summary>Takes orders as the kernel logs them, distances as the SLIT holds them, or both: orders win.</summary>
    /// <param name="orders">At position n the order of node n: n first, nothing twice, nodes 0 to 1023. A node that has
    /// no entry, or null, gets a derived order. Orders may name nodes without memory.</param>
    /// <param name="distances">At position n the distances from node n to every node, 0 to 255; as many rows as
    /// columns. Nodes outside the matrix are farther than any inside it.</param>
    /// <returns>The fallback.</returns>
    /// <exception cref="ArgumentException">An order or the matrix breaks these rules; the message names the
    /// node.</exception>
    public static NodeFallback Create(
        IEnumerable<IEnumerable<int>?>? orders = null, IEnumerable<IEnumerable<int>>? distances = null)
    {
        int[]?[] orderRows = [.. (orders ?? []).Select(static order => order?.ToArray())];
        int[][] distanceRows = [.. (distances ?? []).Select(static row => row.ToArray())];
        if (OrderRefusal(orderRows) is { } refusedOrder)
            throw new ArgumentException(refusedOrder, nameof(orders));
        if (DistanceRefusal(distanceRows) is { } refusedRow)
            throw new ArgumentException(refusedRow, nameof(distances));
        return new NodeFallback(orderRows, distanceRows);
    }

    /// <summary>What is known: <c>orders of 2 nodes, distances of 0 nodes</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"orders of {_orders.Count(static order => order is not null)} nodes, distances of {_distances.Length} nodes";

    /// <summary>The order of search for pages of one node.</summary>
    /// <param name="node">The wanted node, 0 to 1023.</param>
    /// <param name="nodes">The nodes that have memory.</param>
    /// <returns>The given order, or else the node itself, then the others by ascending distance; among equally far
    /// ones first those after the node, then those before it, each in ascending order.</returns>
    internal int[] Order(int node, IEnumerable<int> nodes)
    {
        if (node < _orders.Length && _orders[node] is { } given)
            return given;
        return
        [
            node,
            .. nodes.Where(other => other != node)
                .OrderBy(other => Distance(node, other))
                .ThenBy(other => other < node)
                .ThenBy(static other => other),
        ];
    }

    private int Distance(int from, int to) =>
        from < _distances.Length && to < _distances.Length ? _distances[from][to] : int.MaxValue;

    private static string? OrderRefusal(int[]?[] orders)
    {
        if (orders.Length > MemoryRegion.MaxNode + 1)
            return $"there are {orders.Length} orders, for nodes 0 to {MemoryRegion.MaxNode} at most";
        for (int node = 0; node < orders.Length; node++)
        {
            if (orders[node] is not { } order)
                continue;
            if (order.Length == 0 || order[0] != node)
                return $"the order of node {node} does not start with {node}";
            if (order.Distinct().Count() != order.Length)
                return $"the order of node {node} repeats a node";
            if (order.Any(static other => other is < 0 or > MemoryRegion.MaxNode))
                return $"the order of node {node} names a node that is not from 0 to {MemoryRegion.MaxNode}";
        }

        return null;
    }

    private static string? DistanceRefusal(int[][] distances)
    {
        if (distances.Length > MemoryRegion.MaxNode + 1)
            return $"there are {distances.Length} rows, for nodes 0 to {MemoryRegion.MaxNode} at most";
        for (int node = 0; node < distances.Length; node++)
        {
            if (distances[node].Length != distances.Length)
                return $"the row of node {node} has {distances[node].Length} distances, for {distances.Length} nodes";
            if (distances[node].Any(static distance => distance is < 0 or > 255))
                return $"the row of node {node} has a distance that is not from 0 to 255";
        }

        return null;
    }
}
