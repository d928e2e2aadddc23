namespace TdxPamt.Hosts;

/// <summary>The e820 map as the log builds it up: disjoint ranges of bytes in ascending order, each of
/// one type.</summary>
internal sealed class E820Map
{
    /// <summary>The one type that is RAM.</summary>
    internal static readonly ulong Usable = TypeOf("usable"u8);

    private const ulong LegacyHoleStart = 0xa0000;
    private const ulong LegacyHoleEnd = 0x100000;

    private readonly List<Entry> _entries = [];

    /// <summary>How many ranges there are.</summary>
    internal int Count => _entries.Count;

    /// <summary>How many ranges changes have visited so far, in all the maps of a log.</summary>
    internal long Visits { get; private set; }

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
        int position = FirstEndingAbove(start);
        while (start < end)
        {
            Entry? next = position < _entries.Count && _entries[position].Start < end ? _entries[position] : null;
            if (next is not { } entry)
            {
                Insert(position, new(start, end, type));
                return;
            }

            if (start < entry.Start)
            {
                Insert(position++, new(start, entry.Start, type));
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
        int first = FirstEndingAbove(start);
        int last = first;
        List<Entry> changed = [];
        for (; last < _entries.Count && _entries[last].Start < end; last++)
        {
            Entry entry = _entries[last];
            if (from is not null && entry.Type != from)
            {
                changed.Add(entry);
                continue;
            }

            if (entry.Start < start)
                changed.Add(entry with { End = start });
            if (to is { } type)
                changed.Add(new(Math.Max(start, entry.Start), Math.Min(end, entry.End), type));
            if (end < entry.End)
                changed.Add(entry with { Start = end });
        }

        Visits += last - first;
        _entries.RemoveRange(first, last - first);
        _entries.InsertRange(first, changed);
    }

    /// <summary>The RAM: usable ranges, adjacent ones merged, then trimmed inwards to whole pages, without page 0 and
    /// without 0xa0000 to 0xfffff, which Linux never takes for RAM.</summary>
    internal List<AddressRange> Ram()
    {
        List<AddressRange> ram = [];
        for (int i = 0; i < _entries.Count;)
        {
            Entry first = _entries[i++];
            if (first.Type != Usable)
                continue;
            ulong end = first.End;
            for (; i < _entries.Count && _entries[i].Start == end && _entries[i].Type == Usable; i++)
                end = _entries[i].End;
            AddPages(ram, Math.Max(first.Start, AddressRange.PageBytes), Math.Min(end, LegacyHoleStart));
            AddPages(ram, Math.Max(first.Start, LegacyHoleEnd), end);
        }

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

    private static void AddPages(List<AddressRange> ram, ulong start, ulong end)
    {
        const ulong mask = AddressRange.PageBytes - 1;
        if (AddressRange.TryCreate((start + mask) & ~mask, end & ~mask, out AddressRange range))
            ram.Add(range);
    }

    private int FirstEndingAbove(ulong address)
    {
        if (_entries.Count == 0 || _entries[^1].End <= address)
            return _entries.Count;
        int low = 0;
        int high = _entries.Count - 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_entries[middle].End > address)
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }

    private void Insert(int position, Entry entry) => _entries.Insert(position, entry);

    /// <summary>Gives a part of an entry another type; returns the position after that part.</summary>
    private int Replace(int position, ulong start, ulong end, ulong type)
    {
        Entry entry = _entries[position];
        _entries.RemoveAt(position);
        if (entry.Start < start)
            Insert(position++, entry with { End = start });
        Insert(position++, new(start, end, type));
        if (end < entry.End)
            Insert(position, entry with { Start = end });
        return position;
    }

    private readonly record struct Entry(ulong Start, ulong End, ulong Type);
}
