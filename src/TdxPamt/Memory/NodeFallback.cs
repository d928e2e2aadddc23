using System.Diagnostics.CodeAnalysis;

namespace TdxPamt;

/// <summary>The order in which Linux looks through NUMA nodes for pages, given or derived
/// from distances; docs/model.md#find_next_best_node.</summary>
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

    /// <summary>No order is given and every other node is equally far.</summary>
    public static NodeFallback Default { get; } = new([], []);

    /// <summary>Takes orders as the kernel logs them, distances as the SLIT holds them, or both: orders win.</summary>
    /// <param name="orders">At position n the order of node n: n first, nothing twice, nodes 0 to 1023. A node that has
    /// no entry, or null, gets a derived order. Orders may name nodes without memory.</param>
    /// <param name="distances">At position n the distances from node n to every node, 0 to 255; as many rows as
    /// columns. Nodes outside the matrix are farther than any inside it.</param>
    /// <returns>The fallback.</returns>
    /// <exception cref="ArgumentException">An order or the matrix breaks these rules; the message
    /// names the node.</exception>
    public static NodeFallback Create(
        IEnumerable<IEnumerable<int>?>? orders = null, IEnumerable<IEnumerable<int>>? distances = null) =>
        TryCreate(orders, distances, out NodeFallback? fallback, out HostMemoryFailure? failure)
            ? fallback
            : throw new ArgumentException(
                failure.Message, failure.Part == HostMemoryPart.Distances ? nameof(distances) : nameof(orders));

    /// <summary>Takes orders, distances, or both, or says what is wrong with them.</summary>
    /// <param name="orders">As for <see cref="Create"/>.</param>
    /// <param name="distances">As for <see cref="Create"/>.</param>
    /// <param name="fallback">The fallback, or null.</param>
    /// <param name="failure">Which of the two is wrong, and for which node; or null.</param>
    /// <returns>Whether both keep to the rules.</returns>
    public static bool TryCreate(
        IEnumerable<IEnumerable<int>?>? orders,
        IEnumerable<IEnumerable<int>>? distances,
        [NotNullWhen(true)] out NodeFallback? fallback,
        [NotNullWhen(false)] out HostMemoryFailure? failure)
    {
        int[]?[] orderRows = [.. (orders ?? []).Select(static order => order?.ToArray())];
        int[][] distanceRows = [.. (distances ?? []).Select(static row => (row ?? []).ToArray())];
        failure = CheckOrders(orderRows) ?? CheckDistances(distanceRows);
        fallback = failure is null ? new NodeFallback(orderRows, distanceRows) : null;
        return fallback is not null;
    }

    /// <summary>How much is given: <c>orders of 2 nodes, distances of 0 nodes</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"orders of {_orders.Count(static order => order is not null)} nodes, distances of {_distances.Length} nodes";

    /// <summary>The order of search for pages of one node.</summary>
    /// <param name="node">The wanted node, 0 to 1023.</param>
    /// <param name="nodes">The nodes that have memory.</param>
    /// <returns>The given order, or else the node itself, then the others by ascending distance; among equally far ones
    /// first those after the node, then those before it, each in ascending order.</returns>
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

    private static HostMemoryFailure? CheckOrders(int[]?[] orders)
    {
        if (orders.Length > MemoryRegion.MaxNode + 1)
            return Failure(null, $"there are {orders.Length} orders, for nodes 0 to {MemoryRegion.MaxNode} at most");
        for (int node = 0; node < orders.Length; node++)
        {
            if (orders[node] is not { } order)
                continue;
            if (order.Length == 0 || order[0] != node)
                return Failure(node, $"the order of node {node} does not start with {node}");
            if (order.Distinct().Count() != order.Length)
                return Failure(node, $"the order of node {node} repeats a node");
            if (order.Any(static other => other is < 0 or > MemoryRegion.MaxNode))
            {
                return Failure(
                    node, $"the order of node {node} names a node that is not from 0 to {MemoryRegion.MaxNode}");
            }
        }

        return null;

        static HostMemoryFailure Failure(int? node, string message) =>
            new(HostMemoryPart.FallbackOrders, message) { Node = node };
    }

    private static HostMemoryFailure? CheckDistances(int[][] distances)
    {
        int nodes = distances.Length;
        if (nodes > MemoryRegion.MaxNode + 1)
            return Failure(null, $"there are {nodes} rows, for nodes 0 to {MemoryRegion.MaxNode} at most");
        for (int node = 0; node < nodes; node++)
        {
            int[] row = distances[node];
            if (row.Length != nodes)
                return Failure(node, $"the row of node {node} has {row.Length} distances, for {nodes} nodes");
            if (row.Any(static distance => distance is < 0 or > 255))
                return Failure(node, $"the row of node {node} has a distance that is not from 0 to 255");
        }

        return null;

        static HostMemoryFailure Failure(int? node, string message) =>
            new(HostMemoryPart.Distances, message) { Node = node };
    }
}
