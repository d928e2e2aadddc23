namespace TdxPamt.Hosts;

/// <summary>Reads boot logs and /proc/iomem line by line, in memory that does not grow with them.</summary>
/// <remarks>Lines are known by what stands in them wherever it stands, so that no prefix matters. What looks like such
/// a line but cannot be read is refused rather than passed over: a map with a gap would plan wrongly.</remarks>
internal sealed class BootLog(string file)
{
    /// <summary>No line that matters is longer, in bytes; longer ones are passed over.</summary>
    internal const int MaxLine = 16 * 1024;

    /// <summary>A log with more ranges of a kind, or more fallback orders, than this is refused.</summary>
    private const int MaxOfAKind = 65_536;

    /// <summary>A log whose changes of its map look at more ranges than this is refused: a change of a map of 65,536
    /// ranges looks at all of them, one of a real map at a few.</summary>
    private const long MaxVisits = 1 << 26;

    private readonly LoggedMemory _memory = new();
    private int _orders;

    /// <summary>How many lines were fed so far.</summary>
    internal long Lines { get; private set; }

    /// <summary>Takes whole lines, in portions that the nearest caches hold.</summary>
    internal void Feed(ReadOnlySpan<byte> text)
    {
        while (text.Length > LineBuffer.ChunkBytes)
        {
            int length = text[..LineBuffer.ChunkBytes].LastIndexOf((byte)'\n') + 1;
            if (length > 0)
            {
                FeedPortion(text[..length]);
            }
            else
            {
                length = text.IndexOf((byte)'\n') + 1;
                Lines++;
            }

            text = length > 0 ? text[length..] : default;
        }

        FeedPortion(text);
    }

    /// <summary>Passes over a line that is too long to matter.</summary>
    internal void SkipLine() => Lines++;

    /// <summary>Says what the log has told, once all of it was fed.</summary>
    internal HostDescription Describe(string name) =>
        _memory.Describe(name, out string? refusal) ?? throw Refused(null, refusal!);

    private void FeedPortion(ReadOnlySpan<byte> text)
    {
        LogAnchors anchors = new(text, stackalloc int[LogAnchors.Count]);
        int position = 0;
        for (int place; (place = anchors.Next(position)) >= 0;)
        {
            int start = position + text[position..place].LastIndexOf((byte)'\n') + 1;
            int length = text[place..].IndexOf((byte)'\n');
            int end = length < 0 ? text.Length : place + length;
            Lines += LineBuffer.CountLines(text[position..start]) + 1;
            if (end - start <= MaxLine)
                ReadLine(text[start..end]);
            position = Math.Min(end + 1, text.Length);
        }

        Lines += LineBuffer.CountLines(text[position..]);
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        _ = ReadE820(line) || ReadSrat(line) || ReadMap(line) || ReadHeader(line) || ReadFallback(line)
            || ReadCmr(line) || ReadOutcome(line) || ReadIomem(line);
    }

    private bool ReadE820(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("e820"u8) < 0)
            return false;
        if (LogText.TryFind(line, "BIOS-e820:"u8, out LogText entry) && entry.IsAtRange(orHex: true))
        {
            AddToMap(LoggedMemory.MapSource.Bios, line, entry);
            return true;
        }

        bool update = LogText.TryFind(line, "e820: update "u8, out LogText change)
            || LogText.TryFind(line, "e820 update range:"u8, out change);
        if (!update && !LogText.TryFind(line, "e820: remove "u8, out change)
            && !LogText.TryFind(line, "e820 remove range:"u8, out change))
        {
            return false;
        }

        if (!change.IsAtRange(orHex: true))
            return false;
        ChangeMap(line, change, update);
        return true;
    }

    private bool ReadSrat(ReadOnlySpan<byte> line)
    {
        if (!LogText.TryFind(line, "SRAT: Node "u8, out LogText text))
            return false;
        if (!text.TryInt(out int node) || !text.TrySkip("PXM"u8) || !text.TryInt(out _)
            || !text.TryRange(out ulong start, out ulong end))
        {
            throw Unreadable(line);
        }

        CheckNode(node);
        CheckOrder(line, start, end);
        end = Math.Min(end, AddressRange.Limit);
        if (start < end)
            Add(_memory.Srat, "SRAT ranges", new(start, end, node), mayOverlap: true);
        return true;
    }

    /// <summary>Lines of the form <c>what: [mem ...</c> other than the BIOS map's.</summary>
    private bool ReadMap(ReadOnlySpan<byte> line)
    {
        int place = line.IndexOf(": [mem"u8);
        if (place < 0)
            return false;
        ReadOnlySpan<byte> before = line[..place];
        LogText text = new(line[(place + 1)..]);
        if (LogText.EndsWithWord(before, "user"u8))
            AddToMap(LoggedMemory.MapSource.User, line, text);
        else if (LogText.EndsWithWord(before, "modified"u8))
            AddToMap(LoggedMemory.MapSource.Modified, line, text);
        else
            return _memory.ListsNodes && ReadNodeRange(line, before, text);
        return true;
    }

    private bool ReadNodeRange(ReadOnlySpan<byte> line, ReadOnlySpan<byte> before, LogText text)
    {
        int digits = before.Length;
        while (digits > 0 && LogText.IsDigit(before[digits - 1]))
            digits--;
        LogText number = new(before[digits..]);
        if (digits == before.Length || !LogText.EndsWithWord(LogText.Trim(before[..digits]), "node"u8))
            return false;
        if (!number.TryInt(out int node) || !text.TryRange(out ulong start, out ulong end))
            throw Unreadable(line);
        CheckNode(node);
        CheckPages(start, end);
        Add(_memory.NodeRanges, "memory ranges", new(start, end, node), mayOverlap: false);
        return true;
    }

    private bool ReadHeader(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("BIOS-provided physical RAM map"u8) >= 0)
            _memory.StartBiosMap();
        else if (line.IndexOf("user-defined physical RAM map"u8) >= 0
            || line.IndexOf("modified physical RAM map"u8) >= 0)
            _memory.StartOtherMap();
        else if (line.IndexOf("Early memory node ranges"u8) >= 0)
            _memory.StartNodeRanges();
        else
            return false;
        return true;
    }

    private bool ReadFallback(ReadOnlySpan<byte> line)
    {
        if (!LogText.TryFind(line, "Fallback order for Node"u8, out LogText text))
            return false;
        if (!text.TryInt(out int node) || !text.TrySkip(":"u8))
            throw Unreadable(line);
        List<int> order = [];
        while (!LogText.Trim(text.Rest).IsEmpty)
        {
            if (!text.TryInt(out int other) || order.Count > MemoryRegion.MaxNode)
                throw Unreadable(line);
            order.Add(other);
        }

        CheckNode(node);
        CheckCount(++_orders, "fallback orders");
        try
        {
            int[]?[] orders = new int[]?[node + 1];
            orders[node] = [.. order];
            NodeFallback.Create(orders);
            _memory.SetFallback(node, orders[node]!);
        }
        catch (ArgumentException exception)
        {
            throw Refused(Lines, HostFormatException.ReasonOf(exception));
        }

        return true;
    }

    private bool ReadCmr(ReadOnlySpan<byte> line)
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
            throw Unreadable(line);
        }

        if (start == end)
            return true;
        CheckPages(start, end);
        Add(_memory.Cmrs, "CMRs", new(start, end, 0), mayOverlap: false);
        return true;
    }

    /// <summary>What follows the word: a colon and a range, or an index in brackets before them.</summary>
    private static bool IsCmr(ref LogText text)
    {
        if (text.Rest.StartsWith("["u8) && !(text.TrySkip("["u8) && text.TryInt(out _) && text.TrySkip("]"u8)))
            return false;
        return text.Rest.StartsWith(":"u8) && text.TrySkip(":"u8) && text.IsAtRange(orHex: false);
    }

    private bool ReadOutcome(ReadOnlySpan<byte> line)
    {
        ReportedOutcome? outcome = _memory.Outcome;
        bool isOutcome = LoggedOutcome.TryRead(line, ref outcome, out bool readable);
        _memory.Outcome = outcome;
        return readable ? isOutcome : throw Unreadable(line);
    }

    private bool ReadIomem(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = LogText.TrimEnd(line);
        if (!text.EndsWith(" : System RAM"u8))
            return false;
        LogText range = new(LogText.LastWord(text[..^" : System RAM"u8.Length], out _));
        if (!range.TryHex(out ulong start) || !range.TrySkip("-"u8) || !range.TryHex(out ulong last)
            || !range.Rest.IsEmpty)
        {
            throw Unreadable(line);
        }

        _memory.IomemIsHidden |= last == 0;
        if (last == 0)
            return true;
        CheckOrder(line, start, last);
        CheckLimit(start, last);
        _memory.Iomem.Add(start, last + 1, E820Map.Usable);
        CheckCount(_memory.Iomem.Count);
        return true;
    }

    private void AddToMap(LoggedMemory.MapSource source, ReadOnlySpan<byte> line, LogText text)
    {
        if (!text.TryRange(out ulong start, out ulong end))
            throw Unreadable(line);
        ulong type = TypeOf(line, text.Rest);
        CheckOrder(line, start, end);
        if (type == E820Map.Usable && start < end)
            CheckLimit(start, end - 1);
        _memory.AddToMap(source, start, Math.Min(end, AddressRange.Limit), type);
        CheckCount(_memory.MapCount);
    }

    private void ChangeMap(ReadOnlySpan<byte> line, LogText text, bool update)
    {
        if (!text.TryRange(out ulong start, out ulong end))
            throw Unreadable(line);
        CheckOrder(line, start, end);
        end = Math.Min(end, AddressRange.Limit);
        ReadOnlySpan<byte> types = LogText.Trim(text.Rest);
        int arrow = types.IndexOf("==>"u8);
        if (update && arrow < 0)
            throw Unreadable(line);
        if (update)
            _memory.ChangeMap(start, end, TypeOf(line, types[..arrow]), TypeOf(line, types[(arrow + 3)..]));
        else
            _memory.ChangeMap(start, end, types.IsEmpty ? null : TypeOf(line, types), null);
        if (_memory.MapVisits > MaxVisits)
            throw Refused(Lines, "the e820 map is changed more often than any kernel does");
        CheckCount(_memory.MapCount);
    }

    private void Add(NodeRangeList ranges, string what, NodeRange range, bool mayOverlap)
    {
        if (!ranges.TryAdd(range, mayOverlap, out NodeRange other))
        {
            throw Refused(Lines, ranges == _memory.Cmrs
                ? $"{what} {other} and {range} overlap"
                : $"{what} {other} of node {other.Node} and {range} of node {range.Node} overlap");
        }

        CheckCount(ranges.Ranges.Count);
    }

    private ulong TypeOf(ReadOnlySpan<byte> line, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> type = LogText.Trim(text);
        if (type.Length > 1 && type[0] == '(' && type[^1] == ')')
            type = type[1..^1];
        ReadOnlySpan<byte> usable = "usable"u8;
        if (type.IsEmpty || (type.Length < usable.Length && usable.StartsWith(type)))
            throw Unreadable(line);
        return E820Map.TypeOf(type);
    }

    private void CheckNode(int node)
    {
        if (node > MemoryRegion.MaxNode)
            throw Refused(Lines, $"node {node} is not from 0 to {MemoryRegion.MaxNode}");
    }

    private void CheckOrder(ReadOnlySpan<byte> line, ulong start, ulong end)
    {
        if (end < start)
            throw Refused(Lines, $"the range ends before it starts: {HostFormatException.Quote(LogText.Trim(line))}");
    }

    private void CheckLimit(ulong start, ulong last)
    {
        if (last >= AddressRange.Limit)
            throw Refused(Lines, $"0x{start:x}-0x{last:x} is not below 2^52, where physical addresses end");
    }

    private void CheckPages(ulong start, ulong end)
    {
        try
        {
            AddressRange.Create(start, end);
        }
        catch (ArgumentException exception)
        {
            throw Refused(Lines, HostFormatException.ReasonOf(exception));
        }
    }

    private void CheckCount(int count, string what = "ranges of a kind")
    {
        if (count > MaxOfAKind)
            throw Refused(Lines, $"there are more than {MaxOfAKind} {what}");
    }

    private HostFormatException Unreadable(ReadOnlySpan<byte> line) =>
        Refused(Lines, $"this line cannot be read, is it cut off? {HostFormatException.Quote(LogText.Trim(line))}");

    private HostFormatException Refused(long? line, string reason) => new(file, line, null, reason);
}
