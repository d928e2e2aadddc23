namespace TdxPamt.Hosts;

/// <summary>The lines that tell of NUMA nodes: the SRAT, the early memory node ranges, the fallback order.</summary>
internal sealed class NodeLines(LogPlace place, LoggedMemory memory)
{
    private int _orders;

    internal bool TryReadSrat(ReadOnlySpan<byte> line)
    {
        if (!LogText.TryFind(line, "SRAT: Node "u8, out LogText text))
            return false;
        if (!text.TryInt(out int node) || !text.TrySkip("PXM"u8) || !text.TryInt(out _)
            || !text.TryRange(out ulong start, out ulong end))
        {
            throw place.Unreadable(line);
        }

        place.CheckNode(node);
        place.CheckOrder(line, start, end);
        end = Math.Min(end, AddressRange.Limit);
        if (start < end)
            place.Add(memory.Srat, "SRAT ranges", new(start, end, node), hasNodes: true, mayOverlap: true);
        return true;
    }

    /// <summary>Reads one of the early memory node ranges.</summary>
    /// <param name="line">The line.</param>
    /// <param name="before">What stands before the colon.</param>
    /// <param name="text">What follows it.</param>
    internal bool TryReadRange(ReadOnlySpan<byte> line, ReadOnlySpan<byte> before, LogText text)
    {
        if (!memory.ListsNodes)
            return false;
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
        while (!LogText.Trim(text.Rest).IsEmpty)
        {
            if (!text.TryInt(out int other) || order.Count > MemoryRegion.MaxNode)
                throw place.Unreadable(line);
            order.Add(other);
        }

        place.CheckNode(node);
        place.CheckCount(++_orders, "fallback orders");
        int[]?[] orders = new int[]?[node + 1];
        orders[node] = [.. order];
        if (!NodeFallback.TryCreate(orders, distances: null, out _, out HostMemoryFailure? failure))
            throw place.Refused(failure.Message);
        memory.SetFallback(node, orders[node]!);
        return true;
    }
}
