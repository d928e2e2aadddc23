namespace TdxPamt.Hosts;

/// <summary>Finds the few lines of a log that can matter: those that hold one of ten words.</summary>
/// <remarks>Each word is searched for on its own, with the platform's vectors, over many lines at once; that is far
/// faster than looking at every line. A word's next place is kept until the search has gone past it.</remarks>
internal ref struct LogAnchors(ReadOnlySpan<byte> text, Span<int> places)
{
    /// <summary>How many places the caller must provide.</summary>
    internal const int Count = 10;

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

    private static ReadOnlySpan<byte> Word(int word) => word switch
    {
        0 => "e820"u8,
        1 => "SRAT: N"u8,
        2 => ": [mem"u8,
        3 => "RAM map"u8,
        4 => "Early memory"u8,
        5 => "Fallback order"u8,
        6 => "CMR"u8,
        7 => "for PAMT"u8,
        8 => "System RAM"u8,
        _ => "ization failed"u8,
    };

    private static Span<int> Fill(Span<int> places)
    {
        places.Fill(-1);
        return places;
    }
}
