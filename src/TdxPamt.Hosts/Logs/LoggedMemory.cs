namespace TdxPamt.Hosts;

/// <summary>What the lines of a log have said of a host's memory so far, and the host that follows from it.</summary>
internal sealed class LoggedMemory
{
    private readonly E820Map _map = new();
    private readonly SortedDictionary<int, int[]> _fallback = [];
    private MapSource _source;
    private bool _mapIsComplete;

    /// <summary>Where a map comes from; a map of another source replaces the current one.</summary>
    internal enum MapSource
    {
        None,
        Bios,
        User,
        Modified,
    }

    internal NodeRangeList Srat { get; } = new();

    internal NodeRangeList NodeRanges { get; } = new();

    internal NodeRangeList Cmrs { get; } = new();

    internal E820Map Iomem { get; } = new();

    /// <summary>Whether /proc/iomem hid an address.</summary>
    internal bool IomemIsHidden { get; set; }

    /// <summary>Whether the header of the node ranges was there.</summary>
    internal bool ListsNodes { get; private set; }

    internal ReportedOutcome? Outcome { get; set; }

    internal int MapCount => _map.Count;

    internal long MapVisits => _map.Visits;

    internal void SetFallback(int node, int[] order) => _fallback[node] = order;

    /// <summary>Takes the header of the BIOS map: where there was a map before it, another boot starts.</summary>
    internal void StartBiosMap()
    {
        if (_source == MapSource.None)
            return;
        _map.Clear();
        _source = MapSource.None;
        _mapIsComplete = false;
        Srat.Clear();
        NodeRanges.Clear();
        ListsNodes = false;
        Cmrs.Clear();
        _fallback.Clear();
        Outcome = null;
    }

    /// <summary>Takes the header of another map.</summary>
    internal void StartOtherMap() => _mapIsComplete = true;

    internal void StartNodeRanges()
    {
        NodeRanges.Clear();
        ListsNodes = true;
    }

    /// <summary>Adds a line of a map.</summary>
    internal void AddToMap(MapSource source, ulong start, ulong end, ulong type)
    {
        if (source != _source || _mapIsComplete)
        {
            // The kernel prints its BIOS map once, before it changes it: another one belongs to another boot.
            if (source == MapSource.Bios)
                StartBiosMap();
            _map.Clear();
            _source = source;
            _mapIsComplete = false;
        }

        _map.Add(start, end, type);
    }

    /// <summary>Changes the current map, which is then complete.</summary>
    internal void ChangeMap(ulong start, ulong end, ulong? from, ulong? to)
    {
        _map.Update(start, end, from, to);
        _mapIsComplete = _source != MapSource.None;
    }

    /// <summary>Takes the strongest evidence there is.</summary>
    /// <param name="name">The host's name.</param>
    /// <param name="refusal">Why there is no host, or null.</param>
    internal HostDescription? Describe(string name, out string? refusal)
    {
        List<string> warnings = [];
        List<MemoryRegion> memory = [];
        MemoryEvidence evidence = FindMemory(memory, warnings);
        AddressRange[] cmrs = [.. Cmrs.Ranges.Select(static cmr => AddressRange.Create(cmr.Start, cmr.End))];
        if (evidence is MemoryEvidence.E820 or MemoryEvidence.E820WithSrat && cmrs.Length > 0
            && cmrs[^1].End > _map.End)
        {
            warnings.Add($"the CMRs reach 0x{cmrs[^1].End:x}, beyond the e820 map's end at 0x{_map.End:x}: "
                + "the map may be cut off in this log");
        }

        HostMemory? host = null;
        refusal = memory.Count == 0 ? WhyNothing() : null;
        if (refusal is null
            && !HostMemory.TryCreate(memory, cmrs, null, Fallback(), out host, out HostMemoryFailure? failure))
        {
            refusal = failure.Message;
        }

        return host is null ? null : new(name, host, evidence) { Reported = Outcome, Warnings = warnings };
    }

    private static void SplitByNode(
        List<AddressRange> ram, IReadOnlyList<NodeRange> srat, List<MemoryRegion> memory, List<string> warnings)
    {
        int next = 0;
        AddressRange? uncovered = null;
        ulong uncoveredBytes = 0;
        foreach (AddressRange range in ram)
        {
            ulong position = range.Start;
            while (position < range.End)
            {
                // A page belongs to the range that its first byte is in.
                while (next < srat.Count && PageAtOrAbove(srat[next].End) <= position)
                    next++;
                NodeRange node = next < srat.Count ? srat[next] : new(range.End, range.End, 0);
                bool covered = PageAtOrAbove(node.Start) <= position;
                ulong end = Math.Min(range.End, PageAtOrAbove(covered ? node.End : node.Start));
                AddressRange part = AddressRange.Create(position, end);
                memory.Add(new(part, covered ? node.Node : 0));
                uncovered ??= covered ? null : part;
                uncoveredBytes += covered ? 0 : part.Size;
                position = end;
            }
        }

        if (uncovered is { } first)
        {
            warnings.Add($"the SRAT leaves out {uncoveredBytes >> 10} KiB of RAM, the first at {first}: "
                + "taken to be on node 0");
        }
    }

    private static ulong PageAtOrAbove(ulong address) =>
        (address + AddressRange.PageBytes - 1) & ~(AddressRange.PageBytes - 1);

    private MemoryEvidence FindMemory(List<MemoryRegion> memory, List<string> warnings)
    {
        foreach (NodeRange range in NodeRanges.Ranges)
            memory.Add(new(AddressRange.Create(range.Start, range.End), range.Node));
        if (memory.Count > 0)
            return MemoryEvidence.NodeRanges;

        List<AddressRange> ram = _map.Ram();
        if (ram.Count > 0 && Srat.Ranges.Count > 0)
        {
            SplitByNode(ram, Srat.Ranges, memory, warnings);
            return MemoryEvidence.E820WithSrat;
        }

        MemoryEvidence evidence = MemoryEvidence.E820;
        if (ram.Count == 0)
        {
            ram = Iomem.Ram();
            evidence = MemoryEvidence.Iomem;
        }

        if (ram.Count > 0)
        {
            warnings.Add("the nodes are not known: all memory is taken to be on node 0");
        }
        else
        {
            ram.AddRange(Cmrs.Ranges.Select(static cmr => AddressRange.Create(cmr.Start, cmr.End)));
            evidence = MemoryEvidence.Cmrs;
            warnings.Add("there is no memory map: planned with the CMRs as RAM, on node 0");
        }

        foreach (AddressRange range in ram)
            memory.Add(new(range, 0));
        return evidence;
    }

    private string WhyNothing()
    {
        if (IomemIsHidden)
            return "every address is 0: /proc/iomem must be read as root";
        if (_source != MapSource.None)
            return "the e820 map has no usable memory, and there are neither node ranges nor CMRs";
        return "no line of a boot log or of /proc/iomem that says what memory there is";
    }

    private NodeFallback? Fallback()
    {
        if (_fallback.Count == 0)
            return null;
        int[]?[] orders = new int[]?[_fallback.Keys.Last() + 1];
        foreach ((int node, int[] order) in _fallback)
            orders[node] = order;
        return NodeFallback.Create(orders);
    }
}
