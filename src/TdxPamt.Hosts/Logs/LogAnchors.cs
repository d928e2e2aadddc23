namespace TdxPamt.Hosts;

/// <summary>Finds the few lines of a log that can matter: those that hold one of a few words.</summary>
/// <remarks>Each word is searched for on its own, with the platform's vectors, over many lines at once; that is far
/// faster than looking at every line. A word's next place is kept until the search has gone past it.</remarks>
internal ref struct LogAnchors(ReadOnlySpan<byte> text, Span<int> places)
{
    /// <summary>How many places the caller must provide.</summary>
    internal const int Count = MapWord + 5;

    /// <summary>The first of the words that make a line with a range matter.</summary>
    private const int MapWord = 19;

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly Span<int> _places = Fill(places);
    private int _range = -1;
    private int _other = -1;
    private int _map = -1;

    /// <summary>The next place at or after a position that holds one of the words, or -1.</summary>
    internal int Next(int from)
    {
        if (_range < from)
            _range = Find("[mem"u8, from);
        if (_other < from)
            _other = FindFirst(0, MapWord, from);
        int next = Math.Min(_range, _other);
        return next == int.MaxValue ? -1 : next;
    }

    /// <summary>Whether a line in which the last search ended holds a range of addresses and no other word, nor one
    /// that names a node or a map: drivers print many such lines.</summary>
    /// <param name="start">Where the line starts.</param>
    /// <param name="end">Where it ends.</param>
    internal bool HasRangeAlone(int start, int end)
    {
        if (_other < end)
            return false;
        if (_map < start)
            _map = FindFirst(MapWord, Count, start);
        return _map >= end;
    }

    private readonly int FindFirst(int firstWord, int endWord, int from)
    {
        int first = int.MaxValue;
        for (int word = firstWord; word < endWord; word++)
        {
            if (_places[word] < from)
                _places[word] = Find(Word(word), from);
            first = Math.Min(first, _places[word]);
        }

        return first;
    }

    private readonly int Find(ReadOnlySpan<byte> word, int from)
    {
        int place = _text[from..].IndexOf(word);
        return place < 0 ? int.MaxValue : from + place;
    }

    /// <summary>The words but for that of a range: none has a space, which a log may hold in other forms.</summary>
    private static ReadOnlySpan<byte> Word(int word) => word switch
    {
        0 => "e820"u8,
        1 => "SRAT"u8,
        2 => "RAM"u8,
        3 => "emory"u8,
        4 => "Node"u8,
        5 => "CMR"u8,
        6 => "PAMT"u8,
        7 => "ization"u8,
        8 => "tdx"u8,
        9 => "TDX"u8,
        10 => "SEAMCALL"u8,
        11 => "Linux"u8,
        12 => "totalpages"u8,
        13 => "block_add"u8,
        14 => "last_pfn"u8,
        15 => "NUMA"u8,
        16 => "usable)"u8,
        17 => "Soft"u8,
        18 => "Movable"u8,
        MapWord => "node"u8,
        20 => "user"u8,
        21 => "modified"u8,
        22 => "extended"u8,
        _ => "Xen"u8,
    };

    private static Span<int> Fill(Span<int> places)
    {
        places.Fill(-1);
        return places;
    }
}
