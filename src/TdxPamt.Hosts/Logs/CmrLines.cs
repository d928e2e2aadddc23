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

        if (!TryRange(ref text, out ulong start, out ulong end))
            throw place.Unreadable(line);
        if (start == end)
            return true;
        place.CheckPages(start, end);
        memory.StartCmr(place.Line, start, ListOf(line));
        place.Add(memory.Cmrs, "CMRs", new(start, end, 0), hasNodes: false);
        memory.Start.Keep(StartLine.Cmr, line);
        return true;
    }

    private static bool TryRange(ref LogText text, out ulong start, out ulong end)
    {
        end = 0;
        if (!text.TrySkip("base"u8))
        {
            return text.TrySkip("["u8) & text.TryHex(out start) && text.TrySkip(","u8) && text.TryHex(out end)
                && text.TrySkip(")"u8);
        }

        if (!text.TryHex(out start))
            return false;
        text.TrySkip(","u8);
        if (!text.TrySkip("size"u8) || !text.TryHex(out ulong size) || size > ulong.MaxValue - start)
            return false;
        end = start + size;
        return true;
    }

    /// <summary>Which list a line is of: a kernel of 2022 printed the BIOS's, then the one that it checked.</summary>
    private static int ListOf(ReadOnlySpan<byte> line) =>
        line.IndexOf("BIOS-CMR"u8) >= 0 ? 1 : line.IndexOf("Kernel-checked-CMR"u8) >= 0 ? 2 : 0;

    /// <summary>Whether a colon and a range follow the word, or an index in brackets before them.</summary>
    private static bool IsCmr(ref LogText text)
    {
        if (text.Rest.StartsWith("["u8) && !(text.TrySkip("["u8) && text.TryInt(out _) && text.TrySkip("]"u8)))
            return false;
        return text.TrySkip(":"u8) && (text.IsAtRange(orHex: false) || LogText.Trim(text.Rest).StartsWith("base 0x"u8));
    }
}
