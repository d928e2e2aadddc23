namespace TdxPamt.Hosts;

/// <summary>The lines that tell of NUMA nodes: the SRAT, the early memory node ranges, the fallback order.</summary>
internal sealed class NodeLines(LogPlace place, LoggedMemory memory)
{
    private int _orders;

    internal bool TryReadSrat(ReadOnlySpan<byte> line)
    {
        if (!LogText.TryFind(line, "SRAT: Node "u8, out LogText text))
            return TryReadProcessor(line);
        if (!text.TryInt(out int node) || !text.TrySkip("PXM"u8) || !text.TryInt(out _)
            || !text.TryRange(out ulong start, out ulong end))
        {
            throw place.Unreadable(line);
        }

        place.CheckNode(node);
        place.CheckOrder(line, start, end);
        end = Math.Min(end, AddressRange.Limit);
        if (start >= end)
            return true;
        place.Add(memory.Srat, "SRAT ranges", new(start, end, node), hasNodes: true, mayOverlap: true);
        if (LogText.Trim(text.Rest).StartsWith("hotplug"u8))
            place.Add(memory.Hotplug, "SRAT ranges", new(start, end, node), hasNodes: true, mayOverlap: true);
        return true;
    }

    /// <summary>Reads <c>SRAT: PXM 1 -> APIC 0x0040 -> Node 1</c>: the node has processors.</summary>
    private bool TryReadProcessor(ReadOnlySpan<byte> line)
    {
        if (!LogText.TryFind(line, "SRAT: PXM "u8, out LogText text) || !text.TryInt(out int node)
            || !text.TrySkip("-> APIC"u8))
        {
            return false;
        }

        if (LogText.TryFind(text.Rest, "-> Node "u8, out LogText named) && named.TryInt(out int other))
            node = other;
        place.CheckNode(node);
        memory.NodesWithProcessors.Add(node);
        return true;
    }

    /// <summary>Reads one of the early memory node ranges.</summary>
    internal bool TryReadRange(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf(": [mem"u8);
        if (colon < 0 || !memory.ListsNodes)
            return false;
        ReadOnlySpan<byte> before = line[..colon];
        LogText text = new(line[(colon + 1)..]);
        int digits = before.Length;
        while (digits > 0 && LogText.IsDigit(before[digits - 1]))
            digits--;
        LogText number = new(before[digits..]);
        if (digits == before.Length || !LogText.EndsWithWord(LogText.Trim(before[..digits]), "node"u8))
            return false;
        if (!number.TryInt(out int node) || !text.TryRange(out ulong start, out ulong end))
            throw place.Unreadable(line);
        place.CheckNode(node);
        place.CheckPages(start, end);
        place.Add(memory.NodeRanges, "memory ranges", new(start, end, node), hasNodes: true);
        return true;
    }

    internal bool TryReadFallback(ReadOnlySpan<byte> line)
    {
        if (!LogText.TryFind(line, "Fallback order for Node"u8, out LogText text))
            return false;
        if (!text.TryInt(out int node) || !text.TrySkip(":"u8))
            throw place.Unreadable(line);
        List<int> order = [];
        ReadOnlySpan<byte> rest;
        while ((rest = LogText.Trim(text.Rest)).Length > 0 && (LogText.IsDigit(rest[0]) || LogText.IsLetter(rest[0])))
        {
            if (!text.TryInt(out int other) || order.Count > MemoryRegion.MaxNode)
                throw place.Unreadable(line);
            order.Add(other);
        }

        place.CheckNode(node);
        place.CheckCount(++_orders, "fallback orders");
        if (order.Count > 0 && !order.Contains(node))
            return true; // A node without memory: no TDMR is on it.
        int[]?[] orders = new int[]?[node + 1];
        orders[node] = [.. order];
        if (!NodeFallback.TryCreate(orders, distances: null, processors: null, out _, out HostMemoryFailure? failure))
            throw place.Refused(failure.Message);
        memory.SetFallback(node, orders[node]!);
        return true;
    }

    /// <summary>Reads that the kernel dropped the SRAT, or where ZONE_MOVABLE starts.</summary>
    internal bool TryReadFact(ReadOnlySpan<byte> line)
    {
        if ((line.IndexOf("NUMA: nodes only cover"u8) >= 0 && line.IndexOf("Not used"u8) >= 0)
            || line.IndexOf("SRAT not used"u8) >= 0 || line.IndexOf("No NUMA configuration found"u8) >= 0
            || line.IndexOf("NUMA turned off"u8) >= 0 || line.IndexOf("Faking a node at [mem"u8) >= 0)
        {
            memory.SratIsDropped = true;
            return true;
        }

        if (line.IndexOf("Movable zone start for each node"u8) >= 0)
        {
            memory.ListsMovable = true;
            return true;
        }

        if (LogText.TryFind(line, " distances:"u8, out LogText distances))
            return TryReadDistances(line, distances);
        if (LogText.TryFind(line, " processors:"u8, out LogText processors) && TryNode(line, out int busy))
        {
            memory.KnowsProcessors = true;
            if (!LogText.Trim(processors.Rest).StartsWith("none"u8))
                memory.NodesWithProcessors.Add(busy);
            return true;
        }

        if (!memory.ListsMovable || memory.ListsNodes || !LogText.TryFind(line, "Node "u8, out LogText text)
            || !text.TryInt(out int node) || !text.TrySkip(":"u8) || !LogText.Trim(text.Rest).StartsWith("0x"u8))
        {
            return false;
        }

        if (!text.TryHex(out ulong start))
            throw place.Unreadable(line);
        place.CheckNode(node);
        memory.MovableStarts[node] = start;
        return true;
    }

    /// <summary>Reads <c>Node 1 distances: 21 10</c> of a collected machine.</summary>
    private bool TryReadDistances(ReadOnlySpan<byte> line, LogText text)
    {
        if (!TryNode(line, out int node))
            return false;
        List<int> row = [];
        while (text.TryInt(out int distance))
            row.Add(distance);
        if (row.Count is 0 or > MemoryRegion.MaxNode + 1 || row.Exists(static distance => distance > byte.MaxValue))
            throw place.Unreadable(line);
        memory.Distances[node] = [.. row];
        return true;
    }

    private bool TryNode(ReadOnlySpan<byte> line, out int node)
    {
        node = 0;
        if (!LogText.TryFind(line, "Node "u8, out LogText text) || !text.TryInt(out node))
            return false;
        place.CheckNode(node);
        return true;
    }
}
