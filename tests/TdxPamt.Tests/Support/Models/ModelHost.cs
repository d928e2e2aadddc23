namespace TdxPamt.Tests.Support;

/// <summary>A machine in bare numbers: what the models read, and what a host is made of.</summary>
/// <remarks>Ranges are half-open and may come in any order.</remarks>
internal sealed record ModelHost
{
    public (ulong Start, ulong End, int Node)[] Memory { get; init; } = [];

    public (ulong Start, ulong End)[] Cmrs { get; init; } = [];

    /// <summary>Kinds: 0 reserved, 1 unmovable, 2 hugetlb, 3 hugetlb of 2M, 4 hugetlb of 1G.</summary>
    public (ulong Start, ulong End, int Kind)[] Blocked { get; init; } = [];

    /// <summary>Where ZONE_MOVABLE of a node starts.</summary>
    public (int Node, ulong Start)[] Movable { get; init; } = [];

    public int[]?[] Orders { get; init; } = [];

    public int[][] Distances { get; init; } = [];

    /// <summary>RAM in ascending order, adjacent ranges of one node merged.</summary>
    public List<(ulong Start, ulong End, int Node)> Ram()
    {
        List<(ulong Start, ulong End, int Node)> ram = [.. Memory];
        ram.Sort();
        for (int i = 0; i + 1 < ram.Count;)
        {
            if (ram[i].End == ram[i + 1].Start && ram[i].Node == ram[i + 1].Node)
            {
                ram[i] = (ram[i].Start, ram[i + 1].End, ram[i].Node);
                ram.RemoveAt(i + 1);
            }
            else
            {
                i++;
            }
        }

        return ram;
    }

    /// <summary>The order of search for pages of a node: given, or what the kernel's loops come to.</summary>
    public List<int> FallbackOrder(int node)
    {
        if (node < Orders.Length && Orders[node] is { } given)
            return [.. given];
        SortedSet<int> withMemory = [];
        foreach ((_, ulong end, int other) in Memory)
        {
            if (end > 4096)
                withMemory.Add(other);
        }

        int existing = Math.Max(withMemory.Count == 0 ? 0 : withMemory.Max + 1, Distances.Length);
        int[] load = new int[1024];
        List<int> order = [];
        // A node that does not exist comes after all that do.
        for (int local = 0; local <= Math.Min(node, existing); local++)
        {
            order = [];
            SortedSet<int> left = [.. withMemory];
            if (left.Remove(local))
                order.Add(local);
            int previous = local;
            while (left.Count > 0)
            {
                int best = -1;
                long bestKey = long.MaxValue;
                foreach (int other in left)
                {
                    long key = (Distance(local, other) + (other < local ? 1 : 0) + 1) * 1024L + load[other];
                    if (key < bestKey)
                        (best, bestKey) = (other, key);
                }

                left.Remove(best);
                if (Distance(local, best) != Distance(local, previous))
                    load[best]++;
                order.Add(best);
                previous = best;
            }
        }

        return order;
    }

    /// <summary>The end of what a node's pages may be requested from.</summary>
    public ulong MovableStart(int node)
    {
        foreach ((int other, ulong start) in Movable)
        {
            if (other == node)
                return start;
        }

        return ulong.MaxValue;
    }

    /// <summary>What blocks a request in one of the kernel's two passes.</summary>
    public IEnumerable<(ulong Start, ulong End)> BlockedFor(ulong size, bool secondPass)
    {
        foreach ((ulong start, ulong end, int kind) in Blocked)
        {
            bool moves = secondPass && ((kind == 3 && size > 2 << 20) || (kind == 4 && size > 1 << 30));
            if (!moves)
                yield return (start, end);
        }
    }

    private int Distance(int from, int to)
    {
        if (from < Distances.Length && to < Distances.Length)
            return Distances[from][to];
        return from == to ? 10 : 20;
    }

    public override string ToString()
    {
        System.Text.StringBuilder text = new();
        foreach ((ulong start, ulong end, int node) in Memory)
            text.AppendLine($"memory  [0x{start:x}, 0x{end:x}) node {node}");
        foreach ((ulong start, ulong end) in Cmrs)
            text.AppendLine($"cmr     [0x{start:x}, 0x{end:x})");
        foreach ((ulong start, ulong end, int kind) in Blocked)
            text.AppendLine($"blocked [0x{start:x}, 0x{end:x}) {kind}");
        foreach ((int node, ulong start) in Movable)
            text.AppendLine($"movable {node}: 0x{start:x}");
        for (int i = 0; i < Orders.Length; i++)
            text.AppendLine($"order {i}: {(Orders[i] is { } order ? string.Join(' ', order) : "-")}");
        for (int i = 0; i < Distances.Length; i++)
            text.AppendLine($"distances {i}: {string.Join(' ', Distances[i])}");
        return text.ToString();
    }
}
