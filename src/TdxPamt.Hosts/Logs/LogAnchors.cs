namespace TdxPamt.Hosts;

/// <summary>Finds the few lines of a log that can matter: those that hold one of a few words.</summary>
/// <remarks>All words are searched for at once, over many lines; that is far faster than looking at
/// every line.</remarks>
internal readonly ref struct LogAnchors
{
    /// <summary>The first of the words that make a line matter only with a range.</summary>
    private const int MapWord = 19;

    /// <summary>The words, in groups. None has a space in it, because a log may hold spaces in other forms.</summary>
    private static readonly string[] Groups =
    [
        "e820 emory", "SRAT SEAMCALL Soft", "RAM CMR PAMT", "Node NUMA Movable", "tdx TDX totalpages",
        "ization Linux last_pfn block_add usable)",
        "node user modified extended Xen",
    ];

    private static readonly WordSearch Words = new(Groups);

    /// <summary>The same words, and the start of a range. Where quoted-printable text may break a line between a word
    /// and its range, either makes its part of the line matter.</summary>
    private static readonly WordSearch WordsAndRange = new([.. Groups, "[mem"]);

    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _mayJoin;

    internal LogAnchors(ReadOnlySpan<byte> text)
    {
        _text = text;
        _mayJoin = text.IndexOf("=\n"u8) >= 0 || text.IndexOf("=\r\n"u8) >= 0;
    }

    /// <summary>The next place at or after a position that holds one of the words, or -1.</summary>
    internal int Next(int from)
    {
        WordSearch words = _mayJoin ? WordsAndRange : Words;
        for (int place = from; (place = words.IndexOf(_text, place, out int word)) >= 0; place++)
        {
            if (word < MapWord || _mayJoin || HasRange(place))
                return place;
        }

        return -1;
    }

    /// <summary>Whether a line holds a range of addresses.</summary>
    private bool HasRange(int place)
    {
        int start = _text[..place].LastIndexOf((byte)'\n') + 1;
        int length = _text[place..].IndexOf((byte)'\n');
        return _text[start..(length < 0 ? _text.Length : place + length)].IndexOf("[mem"u8) >= 0;
    }
}
