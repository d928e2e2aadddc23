namespace TdxPamt.Planning;

/// <summary>All partitions of memory into TDMRs whose holes stay within the limit, as a
/// directed acyclic graph.</summary>
/// <remarks>A vertex is the start of a unit, or the end of memory. An edge is a TDMR over consecutive units, and a
/// partition is a path from the first unit to the end. A single unit always is an edge: the areas that it has beyond
/// the limit are in every partition, so they do not tell one from another.</remarks>
internal sealed class PartitionGraph
{
    /// <summary>About how many edges a graph has at most; a unit may always have <see cref="MinLength"/>.</summary>
    private const int MaxEdges = 1 << 19;
    private const int MinLength = 64;

    private readonly AddressRange[] _units;
    private readonly int[] _areasBelowStart;
    private readonly int[] _areasBelowEnd;

    /// <param name="kernelTdmrs">The kernel's TDMRs, ascending.</param>
    /// <param name="areas">The areas to stay within the limit with, ascending.</param>
    /// <param name="module">The limits, and what PAMTs cost.</param>
    /// <param name="split">Whether TDMRs may be split.</param>
    /// <param name="join">Whether neighbouring TDMRs may be joined.</param>
    internal PartitionGraph(
        AddressRange[] kernelTdmrs, AddressRange[] areas, ModuleParameters module, bool split, bool join)
    {
        Module = module;
        _units = split ? PartitionUnits.Create(kernelTdmrs, areas) : kernelTdmrs;
        _areasBelowStart = PartitionUnits.AreasBelowStart(_units, areas);
        _areasBelowEnd = PartitionUnits.AreasBelowEnd(_units, areas);
        bool[] endsBefore = join ? new bool[_units.Length] : PartitionUnits.StartTdmrs(_units, kernelTdmrs);
        Edges = new PartitionEdge[_units.Length][];
        for (int first = 0; first < _units.Length; first++)
        {
            Edges[first] = EdgesFrom(first, endsBefore);
            EdgeCount += Edges[first].Length;
        }
    }

    /// <summary>The limits, and what PAMTs cost.</summary>
    internal ModuleParameters Module { get; }

    /// <summary>How many edges there are.</summary>
    internal long EdgeCount { get; }

    /// <summary>How many units there are.</summary>
    internal int Count => _units.Length;

    /// <summary>The TDMRs that can start at each unit, the shortest first.</summary>
    internal PartitionEdge[][] Edges { get; }

    /// <summary>The TDMR of an edge from a unit.</summary>
    internal AddressRange RangeOf(int first, PartitionEdge edge) =>
        AddressRange.Create(_units[first].Start, _units[edge.End - 1].End);

    /// <summary>What the TDMR of an edge from a unit costs.</summary>
    internal PartitionCost CostOf(int first, PartitionEdge edge) =>
        new(edge.Pages, Tdmrs: 1, AreasOf(first, edge.End));

    /// <summary>The fewest TDMRs of any partition: the longest edge is taken each time.</summary>
    internal int MinTdmrs()
    {
        int tdmrs = 0;
        for (int unit = 0; unit < _units.Length; tdmrs++)
            unit = Edges[unit][^1].End;
        return tdmrs;
    }

    private int AreasOf(int first, int end) => Math.Max(0, _areasBelowEnd[end - 1] - _areasBelowStart[first]);

    private PartitionEdge[] EdgesFrom(int first, bool[] endsBefore)
    {
        int end = first + 1;
        while (end < _units.Length && !endsBefore[end] && AreasOf(first, end + 1) <= Module.MaxReservedAreas)
            end++;
        // Where there are too many: the shortest ones, and the longest, which tells whether there is any partition.
        PartitionEdge[] edges =
            new PartitionEdge[Math.Min(end - first, Math.Max(MinLength, MaxEdges / _units.Length))];
        for (int i = 0; i < edges.Length; i++)
        {
            int edgeEnd = i == edges.Length - 1 ? end : first + i + 1;
            ulong size = _units[edgeEnd - 1].End - _units[first].Start;
            edges[i] = new(edgeEnd, PamtSizes.CalculateUnchecked(size, Module).TotalPages);
        }

        return edges;
    }
}
