namespace TdxPamt.Hosts;

/// <summary>The lines of /proc/iomem that name RAM.</summary>
internal sealed class IomemLines(LogPlace place, LoggedMemory memory)
{
    internal bool TryRead(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = LogText.TrimEnd(line);
        if (!text.EndsWith(" : System RAM"u8))
            return false;
        LogText range = new(LogText.LastWord(text[..^" : System RAM"u8.Length], out _));
        if (!range.TryHex(out ulong start) || !range.TrySkip("-"u8) || !range.TryHex(out ulong last)
            || !range.Rest.IsEmpty)
        {
            throw place.Unreadable(line);
        }

        memory.IomemIsHidden |= last == 0;
        if (last == 0)
            return true;
        place.CheckOrder(line, start, last);
        place.CheckLimit(start, last);
        memory.Iomem.Add(start, last + 1, E820Map.Usable);
        place.CheckCount(memory.Iomem.Count);
        return true;
    }
}
