using System.Text;
using TdxPamt.Memory;

namespace TdxPamt.Hosts;

/// <summary>Reads boot logs and /proc/iomem line by line, in memory that does not grow with them.</summary>
/// <remarks>Lines are known by what stands in them wherever it stands, so that no prefix matters. What looks like such a
/// line but cannot be read is refused rather than passed over: a map with a gap would plan wrongly.</remarks>
internal sealed class BootLog(string file)
{
    /// <summary>No line that matters is longer, in bytes; longer ones are passed over.</summary>
    internal const int MaxLine = 16 * 1024;

    /// <summary>A log with more ranges of a kind than this is refused.</summary>
    private const int MaxRanges = 65_536;

    private readonly E820Map _map = new();
    private readonly NodeRangeList _srat = new();
    private readonly NodeRangeList _nodeRanges = new();
    private readonly NodeRangeList _cmrs = new();
    private readonly E820Map _iomem = new();
    private readonly SortedDictionary<int, int[]> _fallback = [];
    private MapSource _source;
    private bool _mapIsComplete;
    private bool _listsNodes;
    private bool _iomemHidden;
    private ReportedOutcome? _reported;

    private enum MapSource
    {
        None,
        Bios,
        User,
        Modified,
    }

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
    internal HostDescription Describe(string name)
    {
        List<string> warnings = [];
        MemoryEvidence evidence = FindMemory(out List<MemoryRegion> memory, warnings);
        AddressRange[] cmrs = new AddressRange[_cmrs.Count];
        for (int i = 0; i < cmrs.Length; i++)
            cmrs[i] = AddressRange.Create(_cmrs[i].Start, _cmrs[i].End);
        if (evidence is MemoryEvidence.E820 or MemoryEvidence.E820WithSrat && cmrs.Length > 0
            && cmrs[^1].End > _map.End)
        {
            warnings.Add($"the CMRs reach 0x{cmrs[^1].End:x}, beyond the e820 map's end at 0x{_map.End:x}: "
                + "the map may be cut off in this log");
        }

        if (!HostMemory.TryCreate(memory, cmrs, null, Fallback(), out HostMemory? host, out string? contradiction))
            throw Refused(null, contradiction);
        return new HostDescription(name, host, evidence) { Reported = _reported, Warnings = warnings };
    }

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

    private MemoryEvidence FindMemory(out List<MemoryRegion> memory, List<string> warnings)
    {
        memory = [];
        for (int i = 0; i < _nodeRanges.Count; i++)
            memory.Add(new(AddressRange.Create(_nodeRanges[i].Start, _nodeRanges[i].End), _nodeRanges[i].Node));
        if (memory.Count > 0)
            return MemoryEvidence.NodeRanges;

        List<AddressRange> ram = _map.Ram();
        if (ram.Count > 0 && _srat.Count > 0)
        {
            SplitByNode(ram, memory, warnings);
            return MemoryEvidence.E820WithSrat;
        }

        MemoryEvidence evidence = MemoryEvidence.E820;
        if (ram.Count == 0)
        {
            ram = _iomem.Ram();
            evidence = MemoryEvidence.Iomem;
        }

        if (ram.Count > 0)
        {
            warnings.Add("the nodes are not known: all memory is taken to be on node 0");
        }
        else
        {
            for (int i = 0; i < _cmrs.Count; i++)
                ram.Add(AddressRange.Create(_cmrs[i].Start, _cmrs[i].End));
            evidence = MemoryEvidence.Cmrs;
            warnings.Add("there is no memory map: planned with the CMRs as RAM, on node 0");
        }

        foreach (AddressRange range in ram)
            memory.Add(new(range, 0));
        return ram.Count > 0 ? evidence : throw Refused(null, WhyNothing());
    }

    private string WhyNothing()
    {
        if (_iomemHidden)
            return "every address is 0: /proc/iomem must be read as root";
        if (_source != MapSource.None)
            return "the e820 map has no usable memory, and there are neither node ranges nor CMRs";
        return "no line of a boot log or of /proc/iomem that says what memory there is";
    }

    /// <summary>A page belongs to the SRAT's range that its first byte is in.</summary>
    private void SplitByNode(List<AddressRange> ram, List<MemoryRegion> memory, List<string> warnings)
    {
        int next = 0;
        AddressRange? uncovered = null;
        ulong uncoveredBytes = 0;
        foreach (AddressRange range in ram)
        {
            ulong position = range.Start;
            while (position < range.End)
            {
                while (next < _srat.Count && PageAtOrAbove(_srat[next].End) <= position)
                    next++;
                NodeRange node = next < _srat.Count ? _srat[next] : new(range.End, range.End, 0);
                bool covered = PageAtOrAbove(node.Start) <= position;
                ulong end = Math.Min(range.End, PageAtOrAbove(covered ? node.End : node.Start));
                AddressRange part = AddressRange.Create(position, end);
                memory.Add(new(part, covered ? node.Node : 0));
                uncovered ??= covered ? null : part;
                uncoveredBytes += covered ? 0 : part.Size;
                position = end;
            }
        }

        if (uncovered is { } first)
        {
            warnings.Add($"the SRAT leaves out {uncoveredBytes >> 10} KiB of RAM, the first at {first}: "
                + "taken to be on node 0");
        }
    }

    private NodeFallback? Fallback()
    {
        if (_fallback.Count == 0)
            return null;
        int[]?[] orders = new int[]?[_fallback.Keys.Last() + 1];
        foreach ((int node, int[] order) in _fallback)
            orders[node] = order;
        return NodeFallback.Create(orders);
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        _ = ReadE820(line) || ReadSrat(line) || ReadMap(line) || ReadHeader(line) || ReadFallback(line)
            || ReadCmr(line) || ReadReported(line) || ReadFailure(line) || ReadIomem(line);
    }

    private bool ReadE820(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("e820"u8) < 0)
            return false;
        if (TryFind(line, "BIOS-e820:"u8, out LogText entry) && IsAnchored(entry, orHex: true))
        {
            AddToMap(MapSource.Bios, line, entry);
            return true;
        }

        bool update = TryFind(line, "e820: update "u8, out LogText change)
            || TryFind(line, "e820 update range:"u8, out change);
        if (!update && !TryFind(line, "e820: remove "u8, out change)
            && !TryFind(line, "e820 remove range:"u8, out change))
        {
            return false;
        }

        if (!IsAnchored(change, orHex: true))
            return false;
        ChangeMap(line, change, update);
        return true;
    }

    private bool ReadSrat(ReadOnlySpan<byte> line)
    {
        if (!TryFind(line, "SRAT: Node "u8, out LogText text))
            return false;
        if (!text.TryInt(out int node) || !text.TrySkip("PXM"u8)
            || !text.TryInt(out _) || !TryRange(ref text, out ulong start, out ulong end))
        {
            throw Unreadable(line);
        }

        CheckNode(node);
        CheckOrder(line, start, end);
        end = Math.Min(end, AddressRange.Limit);
        if (start < end && !_srat.TryAdd(new(start, end, node), mayOverlap: true, out NodeRange other))
            throw Overlap("SRAT ranges", other, new(start, end, node), withNodes: true);
        CheckCount(_srat.Count);
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
        if (EndsWithWord(before, "user"u8))
            AddToMap(MapSource.User, line, text);
        else if (EndsWithWord(before, "modified"u8))
            AddToMap(MapSource.Modified, line, text);
        else
            return _listsNodes && ReadNodeRange(line, before, text);
        return true;
    }

    private bool ReadNodeRange(ReadOnlySpan<byte> line, ReadOnlySpan<byte> before, LogText text)
    {
        int digits = before.Length;
        while (digits > 0 && LogText.IsDigit(before[digits - 1]))
            digits--;
        LogText number = new(before[digits..]);
        if (digits == before.Length || !EndsWithWord(LogText.Trim(before[..digits]), "node"u8))
            return false;
        if (!number.TryInt(out int node) || !TryRange(ref text, out ulong start, out ulong end))
            throw Unreadable(line);
        CheckNode(node);
        CheckPages(start, end);
        if (!_nodeRanges.TryAdd(new(start, end, node), mayOverlap: false, out NodeRange other))
            throw Overlap("memory ranges", other, new(start, end, node), withNodes: true);
        CheckCount(_nodeRanges.Count);
        return true;
    }

    private bool ReadHeader(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("BIOS-provided physical RAM map"u8) >= 0)
        {
            if (_source != MapSource.None)
                StartOtherBoot();
        }
        else if (line.IndexOf("user-defined physical RAM map"u8) >= 0 || line.IndexOf("modified physical RAM map"u8) >= 0)
        {
            _mapIsComplete = true;
        }
        else if (line.IndexOf("Early memory node ranges"u8) >= 0)
        {
            _nodeRanges.Clear();
            _listsNodes = true;
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool ReadFallback(ReadOnlySpan<byte> line)
    {
        if (!TryFind(line, "Fallback order for Node"u8, out LogText text))
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
        try
        {
            int[]?[] orders = new int[]?[node + 1];
            orders[node] = [.. order];
            NodeFallback.Create(orders);
            _fallback[node] = orders[node]!;
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
            if (!TryFind(text.Rest, "CMR"u8, out text))
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
        if (!_cmrs.TryAdd(new(start, end, 0), mayOverlap: false, out NodeRange other))
            throw Overlap("CMRs", other, new(start, end, 0), withNodes: false);
        CheckCount(_cmrs.Count);
        return true;
    }

    /// <summary>What follows the word: a colon and a range, or an index in brackets before them.</summary>
    private static bool IsCmr(ref LogText text)
    {
        if (text.Rest.StartsWith("["u8) && !(text.TrySkip("["u8) && text.TryInt(out _) && text.TrySkip("]"u8)))
            return false;
        return text.Rest.StartsWith(":"u8) && text.TrySkip(":"u8) && IsAnchored(text, orHex: false);
    }

    private bool ReadReported(ReadOnlySpan<byte> line)
    {
        int place = line.IndexOf(" allocated for PAMT"u8);
        if (place < 0)
            return false;
        ReadOnlySpan<byte> unit = LastWord(line[..place], out ReadOnlySpan<byte> before);
        bool pages = unit.SequenceEqual("pages"u8);
        if (!pages && !unit.SequenceEqual("KB"u8) && !unit.SequenceEqual("KBs"u8))
            return false;
        LogText number = new(LastWord(before, out _));
        if (!number.TryDecimal(out ulong amount) || !number.Rest.IsEmpty || amount > ulong.MaxValue / 4)
            throw Unreadable(line);
        _reported = new() { PamtKiB = pages ? amount * 4 : amount };
        return true;
    }

    private bool ReadFailure(ReadOnlySpan<byte> line)
    {
        if (TryFindOfTdx(line, "initialization failed:"u8, out LogText text))
        {
            ReadOnlySpan<byte> sentence = LogText.Trim(text.Rest);
            if (sentence.Length > 0 && sentence[^1] == '.')
                sentence = sentence[..^1];
            if (sentence.IsEmpty)
                throw Unreadable(line);
            _reported = new() { Error = Encoding.UTF8.GetString(sentence) };
            return true;
        }

        if (!TryFindOfTdx(line, "module initialization failed ("u8, out text))
            return false;
        if (!text.TrySkip("-"u8) || !text.TryInt(out int number) || !text.TrySkip(")"u8))
            throw Unreadable(line);
        _reported = _reported is { Error: not null, ErrnoValue: null }
            ? _reported with { ErrnoValue = number }
            : ReportedOutcome.OfNumber(number);
        return true;
    }

    private bool ReadIomem(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = LogText.TrimEnd(line);
        if (!text.EndsWith(" : System RAM"u8))
            return false;
        LogText range = new(LastWord(text[..^" : System RAM"u8.Length], out _));
        if (!range.TryHex(out ulong start) || !range.TrySkip("-"u8) || !range.TryHex(out ulong last)
            || !range.Rest.IsEmpty)
        {
            throw Unreadable(line);
        }

        _iomemHidden |= last == 0;
        if (last == 0)
            return true;
        CheckOrder(line, start, last);
        CheckLimit(start, last);
        _iomem.Add(start, last + 1, E820Map.Usable);
        CheckCount(_iomem.Count);
        return true;
    }

    private void AddToMap(MapSource source, ReadOnlySpan<byte> line, LogText text)
    {
        if (!TryRange(ref text, out ulong start, out ulong end))
            throw Unreadable(line);
        ulong type = TypeOf(line, text.Rest);
        CheckOrder(line, start, end);
        if (type == E820Map.Usable && start < end)
            CheckLimit(start, end - 1);
        if (source != _source || _mapIsComplete)
        {
            // The kernel prints its BIOS map once, before it changes it: another one is another boot.
            if (source == MapSource.Bios && _source != MapSource.None)
                StartOtherBoot();
            _map.Clear();
            _source = source;
            _mapIsComplete = false;
        }

        _map.Add(start, Math.Min(end, AddressRange.Limit), type);
        CheckCount(_map.Count);
    }

    private void ChangeMap(ReadOnlySpan<byte> line, LogText text, bool update)
    {
        if (!TryRange(ref text, out ulong start, out ulong end))
            throw Unreadable(line);
        CheckOrder(line, start, end);
        end = Math.Min(end, AddressRange.Limit);
        ReadOnlySpan<byte> types = LogText.Trim(text.Rest);
        int arrow = types.IndexOf("==>"u8);
        if (update && arrow < 0)
            throw Unreadable(line);
        if (update)
            _map.Update(start, end, TypeOf(line, types[..arrow]), TypeOf(line, types[(arrow + 3)..]));
        else
            _map.Update(start, end, types.IsEmpty ? null : TypeOf(line, types), null);
        _mapIsComplete = _source != MapSource.None;
        CheckCount(_map.Count);
    }

    private void StartOtherBoot()
    {
        _map.Clear();
        _source = MapSource.None;
        _mapIsComplete = false;
        _srat.Clear();
        _nodeRanges.Clear();
        _listsNodes = false;
        _cmrs.Clear();
        _fallback.Clear();
        _reported = null;
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

    /// <summary>Reads a range in any of its forms: <c>[mem 0xS-0xE]</c> with the last byte, <c>S - E</c>, <c>S-E</c> and
    /// <c>[S,E)</c> with the byte after it. Gives the byte after it; 2^64 - 1 stands for anything up there.</summary>
    private static bool TryRange(ref LogText text, out ulong start, out ulong end)
    {
        end = 0;
        if (text.TrySkip("[mem"u8))
        {
            if (!text.TryHex(out start) || !text.TrySkip("-"u8) || !text.TryHex(out end)
                || !text.TrySkip("]"u8))
            {
                return false;
            }

            end = end == ulong.MaxValue ? end : end + 1;
            return true;
        }

        bool bracket = text.TrySkip("["u8);
        return text.TryHex(out start) && text.TrySkip(bracket ? ","u8 : "-"u8)
            && text.TryHex(out end) && (!bracket || text.TrySkip(")"u8))
            && (text.Rest.IsEmpty || bracket || LogText.IsSpace(text.Rest[0]));
    }

    private static bool TryFind(ReadOnlySpan<byte> line, ReadOnlySpan<byte> words, out LogText after)
    {
        int place = line.IndexOf(words);
        after = new(place < 0 ? default : line[(place + words.Length)..]);
        return place >= 0;
    }

    /// <summary>Other drivers fail to initialise too: what names its driver must name TDX.</summary>
    private static bool TryFindOfTdx(ReadOnlySpan<byte> line, ReadOnlySpan<byte> words, out LogText after)
    {
        if (!TryFind(line, words, out after))
            return false;
        ReadOnlySpan<byte> before = LastWord(line[..^(after.Rest.Length + words.Length)], out ReadOnlySpan<byte> rest);
        if (before.SequenceEqual("module"u8))
            before = LastWord(rest, out _);
        return before.IsEmpty || before[^1] == '>' || IsTimestamp(before) || before.EndsWith("tdx:"u8)
            || before.SequenceEqual("kernel:"u8);
    }

    /// <summary>The last word of a time stamp: <c>[10.774047]</c>, <c>2023]</c>, <c>[T0]</c>.</summary>
    private static bool IsTimestamp(ReadOnlySpan<byte> word)
    {
        foreach (byte character in word)
        {
            if ("0123456789.+TC[]"u8.IndexOf(character) < 0)
                return false;
        }

        return word[^1] == ']';
    }

    /// <summary>Tells a line of the kernel's, cut off or not, from a sentence about such lines.</summary>
    private static bool IsAnchored(LogText text, bool orHex)
    {
        ReadOnlySpan<byte> rest = LogText.Trim(text.Rest);
        return rest.IsEmpty || rest[0] == '[' || (orHex && text.TryHex(out _));
    }

    private static bool EndsWithWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.EndsWith(word) && (text.Length == word.Length || LogText.IsSpace(text[^(word.Length + 1)])
            || text[^(word.Length + 1)] is (byte)']' or (byte)'>');

    private static ReadOnlySpan<byte> LastWord(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> before)
    {
        text = LogText.Trim(text);
        int start = text.Length;
        while (start > 0 && !LogText.IsSpace(text[start - 1]))
            start--;
        before = text[..start];
        return text[start..];
    }

    private static ulong PageAtOrAbove(ulong address) =>
        (address + AddressRange.PageBytes - 1) & ~(AddressRange.PageBytes - 1);

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

    private void CheckCount(int count)
    {
        if (count > MaxRanges)
            throw Refused(Lines, $"there are more than {MaxRanges} ranges of a kind");
    }

    private HostFormatException Overlap(string what, NodeRange one, NodeRange other, bool withNodes) => Refused(
        Lines,
        withNodes
            ? $"{what} {one} of node {one.Node} and {other} of node {other.Node} overlap"
            : $"{what} {one} and {other} overlap");

    private HostFormatException Unreadable(ReadOnlySpan<byte> line) =>
        Refused(Lines, $"this line cannot be read, is it cut off? {HostFormatException.Quote(LogText.Trim(line))}");

    private HostFormatException Refused(long? line, string reason) => new(file, line, null, reason);
}
