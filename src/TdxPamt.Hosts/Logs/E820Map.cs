namespace TdxPamt.Hosts;

/// <summary>The e820 map as the log builds it up: disjoint ranges of bytes in ascending order, each of
/// one type.</summary>
internal sealed class E820Map
{
    /// <summary>The one type that is RAM.</summary>
    internal static readonly ulong Usable = TypeOf("usable"u8);

    private const ulong LegacyHoleStart = 0xa0000;
    private const ulong LegacyHoleEnd = 0x100000;

    private readonly ChunkedList<Entry> _entries = new();

    /// <summary>How many ranges there are.</summary>
    internal int Count => _entries.Count;

    /// <summary>How many ranges changes have visited so far, in all the maps of a log.</summary>
    internal long Visits { get; private set; }

    /// <summary>How many ranges were moved so far to make or close gaps.</summary>
    internal long Moves => _entries.Moves;

    /// <summary>Where the highest range that was ever added ends, in bytes.</summary>
    internal ulong End { get; private set; }

    /// <summary>A type's number: a hash of its name, so that no names need keeping.</summary>
    internal static ulong TypeOf(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("System RAM"u8))
            name = "usable"u8;
        else if (name.SequenceEqual("device reserved"u8))
            name = "reserved"u8;
        else if (name.SequenceEqual("Soft Reserved"u8))
            name = "soft reserved"u8;
        ulong hash = 14695981039346656037;
        foreach (byte character in name)
            hash = unchecked((hash ^ character) * 1099511628211);
        return hash;
    }

    /// <summary>The names that kernels print; an empty one after the last.</summary>
    internal static ReadOnlySpan<byte> TypeName(int index) => index switch
    {
        0 => "usable"u8,
        1 => "System RAM"u8,
        2 => "reserved"u8,
        3 => "device reserved"u8,
        4 => "soft reserved"u8,
        5 => "Soft Reserved"u8,
        6 => "ACPI data"u8,
        7 => "ACPI NVS"u8,
        8 => "unusable"u8,
        9 => "persistent"u8,
        10 => "type"u8,
        11 => "unknown"u8,
        _ => default,
    };

    internal void Clear()
    {
        _entries.Clear();
        End = 0;
    }

    /// <summary>Adds a line of the map. Where lines overlap, what is not usable wins.</summary>
    internal void Add(ulong start, ulong end, ulong type)
    {
        if (start >= end)
            return;
        End = Math.Max(End, end);
        int position = _entries.FirstEndingAbove(start);
        while (start < end)
        {
            Entry? next = position < _entries.Count && _entries[position].Start < end ? _entries[position] : null;
            if (next is not { } entry)
            {
                _entries.Insert(position, new(start, end, type));
                return;
            }

            if (start < entry.Start)
            {
                _entries.Insert(position++, new(start, entry.Start, type));
                start = entry.Start;
            }
            else
            {
                ulong stop = Math.Min(end, entry.End);
                position = type != Usable && entry.Type == Usable ? Replace(position, start, stop, type) : position + 1;
                start = stop;
            }
        }
    }

    /// <summary>Changes what is of one type in a range to another type, or removes it.</summary>
    /// <param name="start">The range's first byte.</param>
    /// <param name="end">The first byte after it.</param>
    /// <param name="from">The type to change; null: any.</param>
    /// <param name="to">The type to change it to; null: remove it.</param>
    internal void Update(ulong start, ulong end, ulong? from, ulong? to)
    {
        int first = _entries.FirstEndingAbove(start);
        int count = 0;
        bool isChanged = false;
        List<Entry> changed = [];
        foreach (Entry entry in _entries.From(first))
        {
            if (entry.Start >= end)
                break;
            count++;
            if (from is not null && entry.Type != from)
            {
                changed.Add(entry);
                continue;
            }

            isChanged = true;
            if (entry.Start < start)
                changed.Add(entry with { End = start });
            if (to is { } type)
                changed.Add(new(Math.Max(start, entry.Start), Math.Min(end, entry.End), type));
            if (end < entry.End)
                changed.Add(entry with { Start = end });
        }

        Visits += count;
        if (isChanged)
            _entries.Replace(first, count, changed);
    }

    /// <summary>The RAM: usable ranges, adjacent ones merged, then trimmed inwards to whole pages, without page 0 and
    /// without 0xa0000 to 0xfffff, which Linux never takes for RAM.</summary>
    internal List<AddressRange> Ram()
    {
        List<AddressRange> ram = [];
        Entry? open = null;
        foreach (Entry entry in _entries)
        {
            if (entry.Type != Usable)
                continue;
            if (open is { } before && before.End == entry.Start)
            {
                open = before with { End = entry.End };
                continue;
            }

            AddRam(ram, open);
            open = entry;
        }

        AddRam(ram, open);
        return ram;
    }

    /// <summary>How many bytes are of a type.</summary>
    internal ulong BytesOf(ulong type)
    {
        ulong bytes = 0;
        foreach (Entry entry in _entries)
            bytes += entry.Type == type ? entry.End - entry.Start : 0;
        return bytes;
    }

    private static void AddRam(List<AddressRange> ram, Entry? usable)
    {
        if (usable is not { } range)
            return;
        AddPages(ram, Math.Max(range.Start, AddressRange.PageBytes), Math.Min(range.End, LegacyHoleStart));
        AddPages(ram, Math.Max(range.Start, LegacyHoleEnd), range.End);
    }

    private static void AddPages(List<AddressRange> ram, ulong start, ulong end)
    {
        const ulong mask = AddressRange.PageBytes - 1;
        if (AddressRange.TryCreate((start + mask) & ~mask, end & ~mask, out AddressRange range))
            ram.Add(range);
    }

    /// <summary>Gives a part of an entry another type; returns the position after that part.</summary>
    private int Replace(int position, ulong start, ulong end, ulong type)
    {
        Entry entry = _entries[position];
        List<Entry> parts = [];
        if (entry.Start < start)
            parts.Add(entry with { End = start });
        parts.Add(new(start, end, type));
        int after = position + parts.Count;
        if (end < entry.End)
            parts.Add(entry with { Start = end });
        _entries.Replace(position, 1, parts);
        return after;
    }

    private readonly record struct Entry(ulong Start, ulong End, ulong Type) : IEndingRange;
}
