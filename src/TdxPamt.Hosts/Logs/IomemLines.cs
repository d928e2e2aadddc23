namespace TdxPamt.Hosts;

/// <summary>The lines of /proc/iomem that name RAM.</summary>
internal sealed class IomemLines(LogPlace place, LoggedMemory memory)
{
    internal bool TryRead(ReadOnlySpan<byte> line)
    {
        bool isSoft = false;
        int colon = line.IndexOf(" : System RAM"u8);
        if (colon < 0)
        {
            colon = line.IndexOf(" : Soft Reserved"u8);
            isSoft = colon >= 0;
        }

        if (colon < 0)
            return false;
        ReadOnlySpan<byte> after = LogText.Trim(line[(colon + " : System RAM"u8.Length)..]);
        bool isAdded = !isSoft && after.StartsWith("("u8);
        ReadOnlySpan<byte> word = LogText.LastWord(line[..colon], out _);
        LogText range = new(word[FirstOfRange(word)..]);
        if (!range.TryHex(out ulong start) || !range.TrySkip("-"u8) || !range.TryHex(out ulong last)
            || !range.Rest.IsEmpty)
        {
            throw place.Unreadable(line);
        }

        if (isAdded || isSoft)
        {
            ulong bytes = last > start && last < AddressRange.Limit ? last - start + 1 : 0;
            memory.AddedBytes += isAdded ? bytes : 0;
            memory.SoftReservedBytes += isSoft ? bytes : 0;
            return true;
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

    /// <summary>Where the range at the end of a word starts, which a quote or a file's name may precede.</summary>
    private static int FirstOfRange(ReadOnlySpan<byte> word)
    {
        int start = word.Length;
        while (start > 0
            && (LogText.IsDigit(word[start - 1]) || LogText.IsLetter(word[start - 1]) || word[start - 1] == '-'))
            start--;
        return start;
    }
}
