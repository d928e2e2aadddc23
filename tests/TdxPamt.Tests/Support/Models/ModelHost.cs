namespace TdxPamt.Tests.Support;

/// <summary>A machine in bare numbers: what the models read, and what a host is made of.</summary>
/// <remarks>Ranges are half-open and may come in any order.</remarks>
internal sealed record ModelHost
{
    public (ulong Start, ulong End, int Node)[] Memory { get; init; } = [];

    public (ulong Start, ulong End)[] Cmrs { get; init; } = [];

    public (ulong Start, ulong End, int Kind)[] Blocked { get; init; } = [];

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

    /// <summary>The order of search for pages of a node: given, or by distance, then after before before.</summary>
    public List<int> FallbackOrder(int node)
    {
        if (node < Orders.Length && Orders[node] is { } given)
            return [.. given];
        List<int> left = [];
        foreach ((_, _, int other) in Memory)
        {
            if (other != node && !left.Contains(other))
                left.Add(other);
        }

        List<int> order = [node];
        while (left.Count > 0)
        {
            int best = left[0];
            foreach (int other in left)
            {
                if (Comes(node, other, best))
                    best = other;
            }

            order.Add(best);
            left.Remove(best);
        }

        return order;
    }

    private bool Comes(int node, int one, int two)
    {
        int oneFar = Distance(node, one);
        int twoFar = Distance(node, two);
        if (oneFar != twoFar)
            return oneFar < twoFar;
        bool oneIsAfter = one > node;
        bool twoIsAfter = two > node;
        if (oneIsAfter != twoIsAfter)
            return oneIsAfter;
        return one < two;
    }

    private int Distance(int from, int to)
    {
        if (Distances.Length == 0)
            return 0;
        // The rules do not say how far a node outside the matrix is; here it is farther than all inside it.
        return from < Distances.Length && to < Distances.Length ? Distances[from][to] : 1000;
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
        for (int i = 0; i < Orders.Length; i++)
            text.AppendLine($"order {i}: {(Orders[i] is { } order ? string.Join(' ', order) : "-")}");
        for (int i = 0; i < Distances.Length; i++)
            text.AppendLine($"distances {i}: {string.Join(' ', Distances[i])}");
        return text.ToString();
    }
}
