namespace TdxPamt.Hosts;

/// <summary>Finds the few lines of a log that can matter: those that hold one of a few words.</summary>
/// <remarks>Each word is searched for on its own, with the platform's vectors, over many lines at once; that is far
/// faster than looking at every line. A word's next place is kept until the search has gone past it.</remarks>
internal ref struct LogAnchors(ReadOnlySpan<byte> text, Span<int> places)
{
    /// <summary>How many places the caller must provide.</summary>
    internal const int Count = 20;

    private const int RangeWord = 2;

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly Span<int> _places = Fill(places);

    /// <summary>The next place at or after a position that holds one of the words, or -1.</summary>
    internal readonly int Next(int from)
    {
        int next = int.MaxValue;
        for (int word = 0; word < _places.Length; word++)
        {
            if (_places[word] < from)
            {
                int place = _text[from..].IndexOf(Word(word));
                _places[word] = place < 0 ? int.MaxValue : from + place;
            }

            next = Math.Min(next, _places[word]);
        }

        return next == int.MaxValue ? -1 : next;
    }

    /// <summary>Whether a line in which the last search ended holds a range of addresses and no other word: drivers
    /// print many such lines.</summary>
    /// <param name="end">Where the line ends.</param>
    internal readonly bool HasRangeAlone(int end)
    {
        for (int word = 0; word < _places.Length; word++)
        {
            if (word != RangeWord && _places[word] < end)
                return false;
        }

        return true;
    }

    /// <summary>The words: none has a space, which a log may hold in other forms.</summary>
    private static ReadOnlySpan<byte> Word(int word) => word switch
    {
        0 => "e820"u8,
        1 => "SRAT"u8,
        RangeWord => "[mem"u8,
        3 => "RAM"u8,
        4 => "emory"u8,
        5 => "Node"u8,
        6 => "CMR"u8,
        7 => "PAMT"u8,
        8 => "ization"u8,
        9 => "tdx"u8,
        10 => "TDX"u8,
        11 => "SEAMCALL"u8,
        12 => "Linux"u8,
        13 => "totalpages"u8,
        14 => "block_add"u8,
        15 => "last_pfn"u8,
        16 => "NUMA"u8,
        17 => "usable)"u8,
        18 => "Soft"u8,
        _ => "Movable"u8,
    };

    private static Span<int> Fill(Span<int> places)
    {
        places.Fill(-1);
        return places;
    }
}
