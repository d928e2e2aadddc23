namespace TdxPamt.Hosts;

/// <summary>What the lines of a log have said of a host's memory so far, and the host that follows from it.</summary>
internal sealed class LoggedMemory
{
    private const int MaxWarnings = 20;
    private const ulong ToleranceKiB = 1024;

    private readonly E820Map _map = new();
    private readonly SortedDictionary<int, int[]> _fallback = [];
    private readonly SortedDictionary<int, ulong> _pages = [];
    private readonly List<string> _warnings = [];
    private readonly List<Change> _unsettled = [];
    private MapSource _source;
    private MapSource _awaited;
    private long _awaitedLine;
    private long? _bootLine;
    private bool _mapIsComplete;
    private bool _mapIsSettled;
    private ulong _lastBiosStart;
    private ulong _lastCmrStart;
    private int _cmrList;

    /// <summary>Where a map comes from; a map of another source replaces the current one.</summary>
    internal enum MapSource
    {
        None,
        Bios,
        User,
        Modified,
        Extended,
    }

    internal NodeRangeList Srat { get; } = new();

    internal NodeRangeList NodeRanges { get; } = new();

    internal NodeRangeList Cmrs { get; } = new();

    internal E820Map Iomem { get; } = new();

    internal E820Map Memblock { get; } = new();

    /// <summary>Whether /proc/iomem hid an address.</summary>
    internal bool IomemIsHidden { get; set; }

    /// <summary>How many bytes of RAM /proc/iomem shows that was added after boot.</summary>
    internal ulong AddedBytes { get; set; }

    /// <summary>How many bytes /proc/iomem shows as soft reserved.</summary>
    internal ulong SoftReservedBytes { get; set; }

    /// <summary>Whether the header of the node ranges was there.</summary>
    internal bool ListsNodes { get; private set; }

    /// <summary>Whether the header of the starts of ZONE_MOVABLE was there.</summary>
    internal bool ListsMovable { get; set; }

    /// <summary>Whether the kernel did not use the SRAT, so that it has one node.</summary>
    internal bool SratIsDropped { get; set; }

    /// <summary>The nodes that have processors; none where the log does not say.</summary>
    internal SortedSet<int> NodesWithProcessors { get; } = [];

    /// <summary>Whether the text says which nodes have processors, even if none has.</summary>
    internal bool KnowsProcessors { get; set; }

    /// <summary>The distances of each node of a collected machine, in the order of its nodes.</summary>
    internal SortedDictionary<int, int[]> Distances { get; } = [];

    /// <summary>The machine's name, where a collected machine has one.</summary>
    internal string? Name { get; set; }

    /// <summary>The ranges of the SRAT at which memory may be added later.</summary>
    internal NodeRangeList Hotplug { get; } = new();

    /// <summary>Where ZONE_MOVABLE starts on each node that has one, in bytes.</summary>
    internal SortedDictionary<int, ulong> MovableStarts { get; } = [];

    /// <summary>How much RAM the kernel counted; null where it did not say.</summary>
    internal ulong? AvailableKiB { get; set; }

    internal ReportedOutcome? Outcome { get; set; }

    /// <summary>Whether a line was about TDX.</summary>
    internal bool HasTdx { get; set; }

    /// <summary>Whether it is a collected machine, of which any section may be missing.</summary>
    internal bool IsCollected { get; set; }

    /// <summary>The lines that tell how far TDX's start came.</summary>
    internal KeptLines Start { get; } = new();

    internal bool HasNul { get; set; }

    internal string? KernelVersion { get; set; }

    internal string? ModuleVersion { get; set; }

    internal bool DynamicPamt { get; set; }

    internal int? MaxTds { get; set; }

    internal int MapCount => _map.Count + _unsettled.Count;

    internal long MapVisits => _map.Visits;

    internal void SetFallback(int node, int[] order) => _fallback[node] = order;

    internal void SetPages(int node, ulong pages)
    {
        if (node <= MemoryRegion.MaxNode)
            _pages[node] = pages;
    }

    internal void Warn(string warning)
    {
        if (_warnings.Count < MaxWarnings && !_warnings.Contains(warning))
            _warnings.Add(warning);
    }

    /// <summary>Takes the header of the BIOS map: where there was a map before it, another boot starts.</summary>
    internal void StartBiosMap(long line)
    {
        if (_source != MapSource.None || NodeRanges.Ranges.Count > 0)
            StartBoot(line);
    }

    /// <summary>Takes the start of a CMR: one that does not ascend is of another boot, or of another list.</summary>
    internal void StartCmr(long line, ulong start, int list)
    {
        if (Cmrs.Ranges.Count > 0 && list != _cmrList)
            Cmrs.Clear();
        else if (Cmrs.Ranges.Count > 0 && start < _lastCmrStart)
            StartBoot(line);
        _lastCmrStart = start;
        _cmrList = list;
    }

    /// <summary>Takes the header of another map.</summary>
    internal void StartOtherMap(MapSource source, long line)
    {
        _mapIsComplete = true;
        _awaited = source;
        _awaitedLine = line;
    }

    internal void StartNodeRanges()
    {
        NodeRanges.Clear();
        ListsNodes = true;
    }

    /// <summary>Adds a line of a map.</summary>
    internal void AddToMap(MapSource source, long line, ulong start, ulong end, ulong type)
    {
        if (source == MapSource.Bios)
        {
            // The kernel prints its BIOS map once, in ascending order, before it changes it.
            if (_source != MapSource.None && (_source != source || _mapIsComplete || start < _lastBiosStart))
                StartBoot(line);
            _lastBiosStart = start;
        }

        if (source != _source || _mapIsComplete)
        {
            ClearMap();
            _source = source;
        }

        if (source == _awaited)
            _awaited = MapSource.None;
        _map.Add(start, end, type);
    }

    /// <summary>Changes the current map, which is then complete. Changes count up to the last
    /// <c>last_pfn</c> line.</summary>
    internal void ChangeMap(ulong start, ulong end, ulong? from, ulong? to)
    {
        if (_mapIsSettled)
            _unsettled.Add(new(start, end, from, to));
        else
            _map.Update(start, end, from, to);
        _mapIsComplete = _source != MapSource.None;
    }

    /// <summary>Takes the line after which no change counts, unless it comes again.</summary>
    internal void SettleMap()
    {
        foreach (Change change in _unsettled)
            _map.Update(change.Start, change.End, change.From, change.To);
        _unsettled.Clear();
        _mapIsSettled = true;
    }

    /// <summary>Takes the strongest evidence there is.</summary>
    /// <param name="name">The host's name.</param>
    /// <param name="refusal">Why there is no host, or null.</param>
    internal HostDescription? Describe(string name, out string? refusal)
    {
        List<MemoryRegion> memory = [];
        List<string> warnings = [.. _warnings];
        if (_bootLine is { } bootLine)
            warnings.Add($"the log has several boots: the last one counts, from line {bootLine} on");
        MemoryEvidence evidence = FindMemory(memory, warnings);
        AddressRange[] cmrs = [.. Cmrs.Ranges.Select(static cmr => AddressRange.Create(cmr.Start, cmr.End))];
        if (evidence is MemoryEvidence.E820 or MemoryEvidence.E820WithSrat && _source != MapSource.None
            && cmrs.Length > 0 && cmrs[^1].End > _map.End)
        {
            warnings.Add($"the CMRs reach 0x{cmrs[^1].End:x}, beyond the e820 map's end at 0x{_map.End:x}: "
                + "the map may be cut off in this log");
        }

        HostMemory? host = null;
        bool isIncomplete = memory.Count == 0 && _source == MapSource.None && !IomemIsHidden && !HasNul
            && (HasTdx || IsCollected || Outcome is not null);
        refusal = WhyRefused(evidence, isIncomplete || memory.Count > 0);
        if (refusal is null
            && !HostMemory.TryCreate(
                memory, cmrs, null, Fallback(), MovableZones(), out host, out HostMemoryFailure? failure))
        {
            refusal = failure.Message;
        }

        if (host is null)
            return null;
        List<string> later = [];
        if (isIncomplete)
        {
            WarnOfMissing(warnings);
        }
        else
        {
            CheckTotals(host.RamBytes >> 10, warnings);
            later = LaterMemory(host);
            warnings.AddRange(later);
        }

        KernelModel? kernel = FindKernel(out string? kernelReason);
        return new(Name ?? name, host, isIncomplete ? MemoryEvidence.None : evidence)
        {
            Kernel = kernel,
            KernelReason = kernelReason,
            LacksDynamicPamt = kernel is { UsesDynamicPamt: true } && !DynamicPamt
                && Outcome is { HasStarted: true },
            Reported = Outcome,
            Warnings = warnings,
            StartLines = Start.ToDictionary(),
            IsCollected = IsCollected,
            LaterMemory = later,
            KnowsLaterMemory = _map.Count > 0 || Iomem.Count > 0,
            HasLoggedNodes = SratIsDropped || (evidence == MemoryEvidence.Iomem && Srat.Ranges.Count > 0),
            KernelVersion = KernelVersion,
            ModuleVersion = ModuleVersion,
            MaxTds = MaxTds,
            Module = DynamicPamt ? ModuleParameters.Default with { DynamicPamt = true } : ModuleParameters.Default,
        };
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
            warnings.Add($"the SRAT leaves out {Quantities.Size(uncoveredBytes)} of RAM, the first at {first}: "
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
        MemoryEvidence evidence = MemoryEvidence.E820;
        if (ram.Count == 0)
            ram = Memblock.Ram();
        if (ram.Count == 0)
        {
            ram = Iomem.Ram();
            evidence = MemoryEvidence.Iomem;
        }

        if (ram.Count > 0 && Srat.Ranges.Count > 0 && !SratIsDropped)
        {
            SplitByNode(ram, Srat.Ranges, memory, warnings);
            return evidence == MemoryEvidence.E820 ? MemoryEvidence.E820WithSrat : evidence;
        }

        if (ram.Count > 0 && !SratIsDropped)
        {
            warnings.Add("the nodes are not known: all memory is taken to be on node 0");
        }
        else if (ram.Count == 0)
        {
            ram.AddRange(Cmrs.Ranges.Select(static cmr => AddressRange.Create(cmr.Start, cmr.End)));
            evidence = MemoryEvidence.Cmrs;
            if (ram.Count > 0)
                warnings.Add("there is no memory map: planned with the CMRs as RAM, on node 0");
        }

        foreach (AddressRange range in ram)
            memory.Add(new(range, 0));
        return evidence;
    }

    /// <summary>Compares the RAM that was read with what the kernel counted.</summary>
    private void CheckTotals(ulong ramKiB, List<string> warnings)
    {
        ulong pages = 0;
        foreach (ulong count in _pages.Values)
            pages += count;
        if (AvailableKiB is { } availableKiB && Differ(availableKiB, ramKiB))
            warnings.Add($"\"Memory:\" says {availableKiB} KB of RAM, {ramKiB} KB were read: the map may be cut off");
        else if (pages > 0 && Differ(pages * 4, ramKiB))
            warnings.Add($"\"totalpages\" says {pages * 4} KB of RAM, {ramKiB} KB were read: the map may be cut off");
        if (NodeRanges.Ranges.Count > 0 && _map.BytesOf(E820Map.Usable) >> 10 is var mapKiB
            && mapKiB > ramKiB + ToleranceKiB)
        {
            warnings.Add($"the e820 map has {Quantities.Size((mapKiB - ramKiB) << 10)} more RAM than the node ranges: "
                + "they may be cut off in this log");
        }

        if (NodeRanges.Ranges.Count == 0 && ListsNodes)
            warnings.Add("\"Early memory node ranges\" has no range after it: it may be cut off in this log");
    }

    /// <summary>Says how to get a memory map, and what a figure without one stands for: 4104 KiB for each GiB, and 4
    /// KiB for each started 256 GiB of a TDMR.</summary>
    private void WarnOfMissing(List<string> warnings)
    {
        const ulong kiBPerGiB = 4104;
        if (!DynamicPamt && Outcome?.PamtKiB is { } kiB)
        {
            ulong giB = kiB / kiBPerGiB;
            ulong parts = kiB % kiBPerGiB / 4;
            bool fits = kiB % 4 == 0 && parts >= (giB + 255) / 256 && parts <= Math.Min(giB, 64) && parts > 0;
            warnings.Add(fits
                ? $"{kiB} KB were reported: {giB} GiB in {parts} TDMRs of at most 256 GiB, or in fewer that are larger"
                : $"{kiB} KB were reported");
        }

        warnings.Add("the log has no memory map: collect it as root with \"tdxpamt collect\", or take the whole boot "
            + "log of \"journalctl -k -b\" and /proc/iomem");
    }

    private static bool Differ(ulong one, ulong other) => Math.Max(one, other) - Math.Min(one, other) > ToleranceKiB;

    /// <summary>The kernel that printed the log: the one that uses Dynamic PAMT, or the one of its version.</summary>
    private KernelModel? FindKernel(out string? reason)
    {
        KernelModel? kernel = DynamicPamt ? KernelModel.DynamicPamt : KernelModel.FromLinuxVersion(KernelVersion);
        reason = kernel is null ? null : DynamicPamt ? "Enable Dynamic PAMT" : $"Linux version {KernelVersion}";
        return kernel;
    }

    /// <summary>Says what memory may come later and be refused or lost; docs/model.md#later-memory.</summary>
    private List<string> LaterMemory(HostMemory host)
    {
        List<string> warnings = [];
        ulong soft = _map.BytesOf(E820Map.TypeOf("soft reserved"u8));
        if (soft == 0)
            soft = SoftReservedBytes;
        if (soft > 0)
        {
            warnings.Add($"{Quantities.Size(soft)} are soft reserved, so not RAM at boot: TDX cannot use them, and the "
                + "kernel refuses to bring them online once TDX has started");
        }

        if (AddedBytes > 0)
        {
            warnings.Add($"{Quantities.Size(AddedBytes)} of RAM were added after boot (kmem): TDX cannot use them, and "
                + "the kernel refuses to bring such memory online once TDX has started");
        }

        if (HotplugBytesWithoutRam(host) is var hotplug and > 0)
        {
            warnings.Add($"the SRAT leaves {Quantities.Size(hotplug)} for memory that is added later (hotplug): TDX "
                + "cannot use such memory, and the kernel refuses to bring it online once TDX has started");
        }

        return warnings;
    }

    private ulong HotplugBytesWithoutRam(HostMemory host)
    {
        AddressRange[] hotplug =
        [
            .. Hotplug.Ranges
                .Select(static range => (Start: PageAtOrAbove(range.Start), End: PageAtOrAbove(range.End)))
                .Where(static range => range.Start < range.End)
                .Select(static range => AddressRange.Create(range.Start, range.End)),
        ];
        AddressRange[] ram = [.. host.Regions.Select(static region => region.Range)];
        return AddressRanges.TotalBytes(AddressRanges.Subtract(hotplug, ram));
    }

    private string? WhyRefused(MemoryEvidence evidence, bool hasMemory)
    {
        if (_awaited != MapSource.None && evidence != MemoryEvidence.NodeRanges)
        {
            return $"the header of another memory map on line {_awaitedLine} has no readable line of that map after it";
        }

        if (hasMemory)
            return null;
        if (HasNul)
            return "it has bytes of 0, so it is no text in UTF-8";
        if (IomemIsHidden)
            return "every address is 0: /proc/iomem must be read as root";
        if (_source != MapSource.None)
            return "the e820 map has no usable memory, and there are neither node ranges nor CMRs";
        return "no line of a boot log or of /proc/iomem that says what memory there is";
    }

    private void StartBoot(long line)
    {
        _bootLine = line;
        ClearMap();
        _source = MapSource.None;
        _awaited = MapSource.None;
        Srat.Clear();
        NodeRanges.Clear();
        Cmrs.Clear();
        Memblock.Clear();
        ListsNodes = false;
        ListsMovable = false;
        SratIsDropped = false;
        NodesWithProcessors.Clear();
        Hotplug.Clear();
        MovableStarts.Clear();
        _fallback.Clear();
        _pages.Clear();
        _warnings.Clear();
        AvailableKiB = null;
        Outcome = null;
        ModuleVersion = null;
        MaxTds = null;
        DynamicPamt = false;
        Start.StartBoot();
    }

    private void ClearMap()
    {
        _map.Clear();
        _unsettled.Clear();
        _mapIsComplete = false;
        _mapIsSettled = false;
    }

    private NodeFallback? Fallback()
    {
        bool knowsProcessors = KnowsProcessors || NodesWithProcessors.Count > 0;
        if (_fallback.Count == 0 && Distances.Count == 0 && !knowsProcessors)
            return null;
        int[]?[] orders = new int[]?[_fallback.Count == 0 ? 0 : _fallback.Keys.Last() + 1];
        foreach ((int node, int[] order) in _fallback)
            orders[node] = order;
        return NodeFallback.Create(orders, Matrix(), knowsProcessors ? NodesWithProcessors : null);
    }

    /// <summary>The distances with rows and columns for nodes that do not exist; null where they are not known, or
    /// where a row has another length than there are nodes.</summary>
    private int[][]? Matrix()
    {
        int[] nodes = [.. Distances.Keys];
        if (nodes.Length == 0 || Distances.Values.Any(row => row.Length != nodes.Length))
            return null;
        int[][] matrix = new int[nodes[^1] + 1][];
        for (int from = 0; from < matrix.Length; from++)
        {
            matrix[from] = new int[matrix.Length];
            for (int to = 0; to < matrix.Length; to++)
                matrix[from][to] = from == to ? 10 : 20;
        }

        foreach (int from in nodes)
        {
            for (int column = 0; column < nodes.Length; column++)
                matrix[from][nodes[column]] = Distances[from][column];
        }

        return matrix;
    }

    private IEnumerable<MovableZone> MovableZones() => MovableStarts.Select(
        static zone => new MovableZone(zone.Key, PageAtOrAbove(Math.Min(zone.Value, AddressRange.Limit))));

    /// <summary>A change of the map: what is of a type, null for any, becomes another, null for removed.</summary>
    private readonly record struct Change(ulong Start, ulong End, ulong? From, ulong? To);
}
