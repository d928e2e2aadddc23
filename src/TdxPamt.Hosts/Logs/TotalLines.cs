namespace TdxPamt.Hosts;

/// <summary>The lines that say how much RAM the kernel has, where its changes of the e820 map end, and what memblock
/// was given.</summary>
internal sealed class TotalLines(LogPlace place, LoggedMemory memory)
{
    internal bool TryRead(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("last_pfn = "u8) >= 0)
        {
            memory.SettleMap();
            return true;
        }

        if (LogText.TryFind(line, "On node "u8, out LogText text) && text.TryInt(out int node)
            && text.TrySkip("totalpages:"u8) && text.TryDecimal(out ulong pages) && pages < AddressRange.Limit >> 12)
        {
            memory.SetPages(node, pages);
            return true;
        }

        if (LogText.TryFind(line, "Memory: "u8, out text) && text.TryDecimal(out _) && text.TrySkip("K/"u8)
            && text.TryDecimal(out ulong kiB) && text.TrySkip("K available"u8) && kiB < AddressRange.Limit >> 10)
        {
            memory.AvailableKiB = kiB;
            return true;
        }

        return TryReadMemblock(line);
    }

    private bool TryReadMemblock(ReadOnlySpan<byte> line)
    {
        if (!LogText.TryFind(line, "memblock_add: ["u8, out LogText text))
            return false;
        if (!text.TryHex(out ulong start) || !text.TrySkip("-"u8) || !text.TryHex(out ulong last)
            || !text.TrySkip("]"u8))
        {
            throw place.Unreadable(line);
        }

        place.CheckOrder(line, start, last);
        place.CheckLimit(start, last);
        memory.Memblock.Add(start, last + 1, E820Map.Usable);
        place.CheckCount(memory.Memblock.Count);
        return true;
    }
}
