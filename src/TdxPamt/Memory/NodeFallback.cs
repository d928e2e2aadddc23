using System.Diagnostics.CodeAnalysis;

namespace TdxPamt;

/// <summary>The order in which Linux looks through NUMA nodes for pages, given or derived
/// from distances; docs/model.md#find_next_best_node.</summary>
/// <remarks>Immutable and safe for many threads.</remarks>
public sealed class NodeFallback
{
    /// <summary>A node's number, 0 to <see cref="MemoryRegion.MaxNode"/>, and its load have this many bits.</summary>
    private const int NodeBits = 10;

    private readonly int[]?[] _orders;
    private readonly int[][] _distances;
    private readonly bool[]? _hasProcessors;

    private NodeFallback(int[]?[] orders, int[][] distances, bool[]? hasProcessors)
    {
        _orders = orders;
        _distances = distances;
        _hasProcessors = hasProcessors;
    }

    /// <summary>No order is given and every other node is equally far.</summary>
    public static NodeFallback Default { get; } = new([], [], hasProcessors: null);

    /// <summary>Takes orders as the kernel logs them, distances as the SLIT holds them, or both: orders win.</summary>
    /// <param name="orders">At position n the order of node n: one or more nodes, 0 to 1023, none twice; n comes first,
    /// or is absent if it has no memory. A node that has no entry, or null, gets a derived order. Orders may name
    /// nodes without memory.</param>
    /// <param name="distances">At position n the distances from node n to every node, 0 to 255; as many rows as
    /// columns. A node outside the matrix is 10 from itself and 20 from others, as in Linux.</param>
    /// <param name="processors">The nodes that have processors, which Linux prefers less; null where that is not known:
    /// all are then taken to have some.</param>
    /// <returns>The fallback.</returns>
    /// <exception cref="ArgumentException">An argument breaks these rules; the message names the node, or says that
    /// there are too many.</exception>
    public static NodeFallback Create(
        IEnumerable<IEnumerable<int>?>? orders = null,
        IEnumerable<IEnumerable<int>>? distances = null,
        IEnumerable<int>? processors = null) =>
        TryCreate(orders, distances, processors, out NodeFallback? fallback, out HostMemoryFailure? failure)
            ? fallback
            : throw new ArgumentException(
                failure.Message,
                failure.Part == HostMemoryPart.Distances ? nameof(distances)
                    : failure.Part == HostMemoryPart.Processors ? nameof(processors)
                    : nameof(orders));

    /// <summary>Takes what <see cref="Create"/> takes, or says what is wrong with it.</summary>
    /// <param name="orders">As for <see cref="Create"/>.</param>
    /// <param name="distances">As for <see cref="Create"/>.</param>
    /// <param name="processors">As for <see cref="Create"/>.</param>
    /// <param name="fallback">The fallback, or null.</param>
    /// <param name="failure">Which argument is wrong, and for which node; or null.</param>
    /// <returns>Whether all keep to the rules.</returns>
    public static bool TryCreate(
        IEnumerable<IEnumerable<int>?>? orders,
        IEnumerable<IEnumerable<int>>? distances,
        IEnumerable<int>? processors,
        [NotNullWhen(true)] out NodeFallback? fallback,
        [NotNullWhen(false)] out HostMemoryFailure? failure)
    {
        int[]?[] orderRows = [.. (orders ?? []).Select(static order => order?.ToArray())];
        int[][] distanceRows = [.. (distances ?? []).Select(static row => (row ?? []).ToArray())];
        int[]? nodes = processors?.ToArray();
        failure = CheckOrders(orderRows) ?? CheckDistances(distanceRows) ?? CheckProcessors(nodes);
        fallback = failure is null ? new NodeFallback(orderRows, distanceRows, ToFlags(nodes)) : null;
        return fallback is not null;
    }

    /// <summary>What is given: <c>orders of 2 nodes, distances of 0 nodes</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"orders of {_orders.Count(static order => order is not null)} nodes, distances of {_distances.Length} nodes";

    /// <summary>The order that is given for a node, or null.</summary>
    internal int[]? Given(int node) => node < _orders.Length ? _orders[node] : null;

    /// <summary>The given order of a node that has memory must start with that node.</summary>
    /// <param name="nodes">The nodes that have memory.</param>
    internal HostMemoryFailure? CheckFirst(ReadOnlySpan<int> nodes)
    {
        foreach (int node in nodes)
        {
            if (Given(node) is { } order && order[0] != node)
                return NotFirst(node);
        }

        return null;
    }

    /// <summary>Derives the orders of all nodes from the distances. Nodes at equal distance are rotated, as the kernel
    /// does, so that not all orders continue with the same one.</summary>
    /// <param name="nodes">The nodes that have memory, in ascending order.</param>
    /// <returns>At position n the order of node n, for every node that exists: up to the highest one that has memory or
    /// a row of distances. The last entry, after these, is the order of every node beyond.</returns>
    internal int[][] Derive(ReadOnlySpan<int> nodes)
    {
        int[][] lists = new int[Math.Max(nodes.Length == 0 ? 0 : nodes[^1] + 1, _distances.Length) + 1][];
        int[] load = new int[lists.Length];
        for (int node = 0; node < lists.Length; node++)
            lists[node] = Derive(node, nodes, load);
        return lists;
    }

    /// <summary>The order of one node. The kernel appends the node with the least key again and again. A node's load
    /// grows only when it is appended, so no key that is still needed changes, and one sort does the same.</summary>
    private int[] Derive(int node, ReadOnlySpan<int> nodes, int[] load)
    {
        int[] list = new int[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            int other = nodes[i];
            int far = other == node ? 0
                : 1 + Distance(node, other) + (other < node ? 1 : 0) + (HasProcessors(other) ? 1 : 0);
            list[i] = (((far << NodeBits) + load[other]) << NodeBits) | other;
        }

        Array.Sort(list);
        int before = Distance(node, node);
        for (int i = 0; i < list.Length; i++)
        {
            int chosen = list[i] &= MemoryRegion.MaxNode;
            int distance = Distance(node, chosen);
            if (distance != before)
                load[chosen]++;
            before = distance;
        }

        return list;
    }

    private bool HasProcessors(int node) => _hasProcessors is null || _hasProcessors[node];

    private static bool[]? ToFlags(int[]? nodes)
    {
        if (nodes is null)
            return null;
        bool[] flags = new bool[MemoryRegion.MaxNode + 1];
        foreach (int node in nodes)
            flags[node] = true;
        return flags;
    }

    /// <summary>The distance from the matrix; outside it, 10 to itself and 20 to others.</summary>
    private int Distance(int from, int to) =>
        from < _distances.Length && to < _distances.Length ? _distances[from][to] : from == to ? 10 : 20;

    private static HostMemoryFailure? CheckOrders(int[]?[] orders)
    {
        if (orders.Length > MemoryRegion.MaxNode + 1)
            return Failure(null, $"there are {orders.Length} orders, for nodes 0 to {MemoryRegion.MaxNode} at most");
        Span<bool> seen = stackalloc bool[MemoryRegion.MaxNode + 1];
        for (int node = 0; node < orders.Length; node++)
        {
            if (orders[node] is not { } order)
                continue;
            if (order.Length == 0 || Array.IndexOf(order, node) > 0)
                return NotFirst(node);
            seen.Clear();
            foreach (int other in order)
            {
                if (other is < 0 or > MemoryRegion.MaxNode)
                {
                    return Failure(
                        node, $"the order of node {node} names a node that is not from 0 to {MemoryRegion.MaxNode}");
                }

                if (seen[other])
                    return Failure(node, $"the order of node {node} repeats a node");
                seen[other] = true;
            }
        }

        return null;

        static HostMemoryFailure Failure(int? node, string message) =>
            new(HostMemoryPart.FallbackOrders, message) { Node = node };
    }

    private static HostMemoryFailure NotFirst(int node) =>
        new(HostMemoryPart.FallbackOrders, $"the order of node {node} does not start with {node}") { Node = node };

    private static HostMemoryFailure? CheckProcessors(int[]? processors)
    {
        foreach (int node in processors ?? [])
        {
            if (node is < 0 or > MemoryRegion.MaxNode)
            {
                string message = $"node {node}, which has processors, is not from 0 to {MemoryRegion.MaxNode}";
                return new(HostMemoryPart.Processors, message);
            }
        }

        return null;
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
