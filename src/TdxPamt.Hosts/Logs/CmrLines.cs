namespace TdxPamt.Hosts;

/// <summary>The lines that name a convertible memory region.</summary>
internal sealed class CmrLines(LogPlace place, LoggedMemory memory)
{
    internal bool TryRead(ReadOnlySpan<byte> line)
    {
        LogText text = new(line);
        do
        {
            if (!LogText.TryFind(text.Rest, "CMR"u8, out text))
                return false;
        }
        while (!IsCmr(ref text));

        if (!text.TrySkip("["u8) || !text.TryHex(out ulong start) || !text.TrySkip(","u8)
            || !text.TryHex(out ulong end) || !text.TrySkip(")"u8))
        {
            throw place.Unreadable(line);
        }

        if (start == end)
            return true;
        place.CheckPages(start, end);
        place.Add(memory.Cmrs, "CMRs", new(start, end, 0), hasNodes: false);
        return true;
    }

    /// <summary>Whether a colon and a range follow the word, or an index in brackets before them.</summary>
    private static bool IsCmr(ref LogText text)
    {
        if (text.Rest.StartsWith("["u8) && !(text.TrySkip("["u8) && text.TryInt(out _) && text.TrySkip("]"u8)))
            return false;
        return text.Rest.StartsWith(":"u8) && text.TrySkip(":"u8) && text.IsAtRange(orHex: false);
    }
}
