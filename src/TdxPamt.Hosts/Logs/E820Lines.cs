namespace TdxPamt.Hosts;

/// <summary>The lines of the e820 map: the BIOS's, the user's and the kernel's changes.</summary>
internal sealed class E820Lines(LogPlace place, LoggedMemory memory)
{
    /// <summary>How many ranges the changes of a log's map may visit: a change of a map of 65,536 ranges visits all of
    /// them, a change of a real map a few.</summary>
    private const long MaxVisits = 1 << 26;

    internal bool TryRead(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("e820"u8) < 0)
            return false;
        if (LogText.TryFind(line, "BIOS-e820:"u8, out LogText entry) && entry.IsAtRange(orHex: true))
        {
            Add(LoggedMemory.MapSource.Bios, line, entry);
            return true;
        }

        bool isUpdate = LogText.TryFind(line, "e820: update "u8, out LogText change)
            || LogText.TryFind(line, "e820 update range:"u8, out change);
        if (!isUpdate && !LogText.TryFind(line, "e820: remove "u8, out change)
            && !LogText.TryFind(line, "e820 remove range:"u8, out change))
        {
            return false;
        }

        if (!change.IsAtRange(orHex: true))
            return false;
        Change(line, change, isUpdate);
        return true;
    }

    /// <summary>Reads an entry of the user's or of a modified map.</summary>
    /// <param name="line">The line.</param>
    /// <param name="before">What stands before the colon.</param>
    /// <param name="text">What follows it.</param>
    internal bool TryReadOtherMap(ReadOnlySpan<byte> line, ReadOnlySpan<byte> before, LogText text)
    {
        if (LogText.EndsWithWord(before, "user"u8))
            Add(LoggedMemory.MapSource.User, line, text);
        else if (LogText.EndsWithWord(before, "modified"u8))
            Add(LoggedMemory.MapSource.Modified, line, text);
        else
            return false;
        return true;
    }

    private void Add(LoggedMemory.MapSource source, ReadOnlySpan<byte> line, LogText text)
    {
        if (!text.TryRange(out ulong start, out ulong end))
            throw place.Unreadable(line);
        ulong type = TypeOf(line, text.Rest);
        place.CheckOrder(line, start, end);
        if (type == E820Map.Usable && start < end)
            place.CheckLimit(start, end - 1);
        memory.AddToMap(source, start, Math.Min(end, AddressRange.Limit), type);
        place.CheckCount(memory.MapCount);
    }

    private void Change(ReadOnlySpan<byte> line, LogText text, bool isUpdate)
    {
        if (!text.TryRange(out ulong start, out ulong end))
            throw place.Unreadable(line);
        place.CheckOrder(line, start, end);
        end = Math.Min(end, AddressRange.Limit);
        ReadOnlySpan<byte> types = LogText.Trim(text.Rest);
        int arrow = types.IndexOf("==>"u8);
        if (isUpdate && arrow < 0)
            throw place.Unreadable(line);
        if (isUpdate)
            memory.ChangeMap(start, end, TypeOf(line, types[..arrow]), TypeOf(line, types[(arrow + 3)..]));
        else
            memory.ChangeMap(start, end, types.IsEmpty ? null : TypeOf(line, types), null);
        if (memory.MapVisits > MaxVisits)
            throw place.Refused("the e820 map is changed more often than any kernel does");
        place.CheckCount(memory.MapCount);
    }

    private ulong TypeOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> type = LogText.Trim(text);
        if (type.Length > 1 && type[0] == '(' && type[^1] == ')')
            type = type[1..^1];
        ReadOnlySpan<byte> usable = "usable"u8;
        if (type.IsEmpty || (type.Length < usable.Length && usable.StartsWith(type)))
            throw place.Unreadable(line);
        return E820Map.TypeOf(type);
    }
}
