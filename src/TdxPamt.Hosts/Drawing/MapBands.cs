namespace TdxPamt.Hosts.Drawing;

/// <summary>Which nodes have a band of their own, and which look the same as one that has.</summary>
internal sealed class MapBands
{
    /// <summary>A machine of up to this many nodes has a band for each.</summary>
    private const int MaxUnfolded = 4;

    private readonly SortedDictionary<int, List<int>> _nodes = [];

    /// <summary>The nodes that have a band, ascending.</summary>
    internal IEnumerable<int> Nodes => _nodes.Keys;

    /// <summary>Whether a band stands for several nodes.</summary>
    internal bool HasFolded => _nodes.Values.Any(static alike => alike.Count > 1);

    internal static MapBands OfEach(MapCells cells)
    {
        MapBands bands = new();
        foreach (int node in cells.All.Select(static cell => cell.Node).Distinct())
            bands._nodes[node] = [node];
        return bands;
    }

    /// <summary>One band for all nodes where the same things lie at the same distances. A node where the plan fails
    /// has its own.</summary>
    internal static MapBands OfAlike(MapSubject subject, MapCells cells)
    {
        if (subject.Plan.Host.Memory.Nodes.Count <= MaxUnfolded)
            return OfEach(cells);
        MapBands bands = new();
        Dictionary<string, int> bandOf = new(StringComparer.Ordinal);
        ILookup<int, MapItem> items = subject.Items
            .SelectMany(item => cells.Overlapping(item.Range).Select(part => (part.Cell.Node, Item: item)).Distinct())
            .ToLookup(static pair => pair.Node, static pair => pair.Item);
        foreach (IGrouping<int, MapCell> node in cells.All.GroupBy(static cell => cell.Node)
            .OrderBy(static node => node.Key))
        {
            string looks = items[node.Key].Any(static item => item.IsMarked)
                ? $"node {node.Key}"
                : Looks([.. node], [.. items[node.Key]]);
            if (bandOf.TryGetValue(looks, out int band))
                bands._nodes[band].Add(node.Key);
            else
                bands._nodes[bandOf[looks] = node.Key] = [node.Key];
        }

        return bands;
    }

    internal bool Has(int node) => _nodes.ContainsKey(node);

    /// <summary>What a band stands for: <c>node 0</c>, or <c>nodes 1 to 19, 21 to 31: the same</c>.</summary>
    internal string Describe(int node)
    {
        List<int> nodes = _nodes[node];
        List<string> runs = [];
        for (int i = 0, next; i < nodes.Count; i = next)
        {
            next = i + 1;
            while (next < nodes.Count && nodes[next] == nodes[next - 1] + 1)
                next++;
            runs.Add(next - i == 1 ? $"{nodes[i]}" : $"{nodes[i]} to {nodes[next - 1]}");
        }

        return nodes.Count == 1 ? $"node {node}" : $"nodes {string.Join(", ", runs)}: the same";
    }

    /// <summary>What a node looks like, whatever the addresses and numbers are. What goes on in the next node is
    /// cut off.</summary>
    private static string Looks(MapCell[] cells, MapItem[] items)
    {
        AddressRange node = AddressRange.Create(cells[0].Range.Start, cells[^1].Range.End);
        string[] tdmrs =
            [.. items.Where(static item => item.Kind == MapKind.Tdmr).Select(static item => $"PAMTs of {item.What}")];
        return string.Join(
            ";",
            cells.Select(cell => $"{Part(cell.Range)} {cell.Parts}").Concat(items.Select(Look)));

        string Look(MapItem item) => $"{item.Kind} {Part(item.Range)} {(item.Kind == MapKind.Pamt ? Owner(item) : "")}";

        string Owner(MapItem pamt) =>
            Array.IndexOf(tdmrs, pamt.What) is var own and >= 0 ? $"{own}" : pamt.What;

        string Part(AddressRange range)
        {
            AddressRange part = range.Intersect(node);
            return $"{part.Start - node.Start} {part.Size}";
        }
    }
}
