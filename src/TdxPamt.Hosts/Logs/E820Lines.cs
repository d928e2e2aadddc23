namespace TdxPamt.Hosts;

/// <summary>The lines of the e820 map: the BIOS's, the user's and the kernel's changes.</summary>
internal sealed class E820Lines(LogPlace place, LoggedMemory memory)
{
    /// <summary>How many ranges the changes of a log's map may visit: a change of a map of 65,536 ranges visits all of
    /// them, a change of a real map a few.</summary>
    private const long MaxVisits = 1 << 22;

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

    /// <summary>Reads an entry of the user's, a modified, an extended or Xen's map, in the
    /// new or the old form.</summary>
    internal bool TryReadOtherMap(ReadOnlySpan<byte> line) =>
        TryReadOther(LoggedMemory.MapSource.User, line, "user:"u8)
        || TryReadOther(LoggedMemory.MapSource.Modified, line, "modified:"u8)
        || TryReadOther(LoggedMemory.MapSource.Extended, line, "extended:"u8)
        || TryReadOther(LoggedMemory.MapSource.Bios, line, "Xen:"u8);

    private bool TryReadOther(LoggedMemory.MapSource source, ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        if (!LogText.TryFind(line, name, out LogText entry)
            || !LogText.EndsWithWord(line[..(line.Length - entry.Rest.Length)], name) || !IsEntry(entry))
        {
            return false;
        }

        Add(source, line, entry);
        return true;
    }

    private static bool IsEntry(LogText text) =>
        text.TrySkip("[mem"u8) || text.TrySkip("[gap"u8) || (text.TryHex(out _) && text.TrySkip("-"u8));

    private void Add(LoggedMemory.MapSource source, ReadOnlySpan<byte> line, LogText text)
    {
        if (text.TrySkip("[gap"u8))
            return;
        if (!text.TryRange(out ulong start, out ulong end))
            throw place.Unreadable(line);
        ulong type = TypeOf(line, text.Rest);
        place.CheckOrder(line, start, end);
        if (type == E820Map.Usable && start < end)
            place.CheckLimit(start, end - 1);
        memory.AddToMap(source, place.Line, start, Math.Min(end, AddressRange.Limit), type);
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
            memory.ChangeMap(start, end, IsWord(types) ? TypeOf(line, types) : null, null);
        if (memory.MapVisits > MaxVisits)
            throw place.Refused("the e820 map is changed more often than any kernel does");
        place.CheckCount(memory.MapCount);
    }

    private static bool IsWord(ReadOnlySpan<byte> text) =>
        text.Length > 0 && (LogText.IsLetter(text[0]) || (text[0] == '(' && text.Length > 1));

    /// <summary>Reads a type, whatever follows it. A type that no kernel prints is not RAM, with a warning.</summary>
    private ulong TypeOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> type = LogText.Trim(text);
        if (type.Length > 0 && type[0] == '(')
            type = LogText.Trim(type[1..]);
        if (!IsWord(type))
            throw place.Unreadable(line);
        for (int i = 0; E820Map.TypeName(i) is { IsEmpty: false } name; i++)
        {
            if (LogText.StartsWithWord(type, name))
                return E820Map.TypeOf(name);
        }

        if (IsCut(type, "usable"u8) || IsCut(type, "System RAM"u8))
            throw place.Unreadable(line);
        memory.Warn($"line {place.Line}: the type of this memory is not known, so it is not RAM: "
            + HostFormatException.Quote(LogText.Trim(line)));
        return E820Map.TypeOf(type);
    }

    private static bool IsCut(ReadOnlySpan<byte> type, ReadOnlySpan<byte> name)
    {
        int length = type.Length;
        while (length > 1 && !LogText.IsLetter(type[length - 1]))
            length--;
        return length < name.Length && name.StartsWith(type[..length]);
    }
}
