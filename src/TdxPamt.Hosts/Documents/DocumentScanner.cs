namespace TdxPamt.Hosts;

/// <summary>Takes JSON of a plain kind apart: texts of printable ASCII without escapes, whole numbers of up to
/// 19 digits.</summary>
internal ref struct DocumentScanner
{
    private const int MaxDigits = 19;

    private readonly ReadOnlySpan<byte> _text;

    /// <summary>Whether all of it is printable ASCII without escapes, so that a text ends at the next quote.</summary>
    private readonly bool _isPlain;
    private int _at;

    internal DocumentScanner(ReadOnlySpan<byte> text)
    {
        _text = text;
#if NET
        _isPlain = text.IndexOf((byte)'\\') < 0 && text.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;
#else
        _isPlain = false; // There each character is looked at in its text.
#endif
    }

    /// <summary>Whether only blanks are left.</summary>
    internal bool IsAtEnd
    {
        get
        {
            SkipBlanks();
            return _at == _text.Length;
        }
    }

    /// <summary>Whether a text comes next.</summary>
    internal bool IsAtText
    {
        get
        {
            SkipBlanks();
            return _at < _text.Length && _text[_at] == '"';
        }
    }

    /// <summary>Takes a character, if it comes next but for blanks.</summary>
    internal bool Take(char character)
    {
        SkipBlanks();
        if (_at == _text.Length || _text[_at] != character)
            return false;
        _at++;
        return true;
    }

    /// <summary>Takes a text.</summary>
    internal bool TryText(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!Take('"'))
            return false;
        if (_isPlain)
        {
            int length = _text[_at..].IndexOf((byte)'"');
            if (length < 0)
                return false;
            value = _text.Slice(_at, length);
            _at += length + 1;
            return true;
        }

        for (int start = _at; _at < _text.Length; _at++)
        {
            byte character = _text[_at];
            if (character == '"')
            {
                value = _text[start.._at++];
                return true;
            }

            if (character is < (byte)' ' or (byte)'\\' or > (byte)'~')
                return false;
        }

        return false;
    }

    /// <summary>Takes a whole number.</summary>
    internal bool TryNumber(out ulong value)
    {
        SkipBlanks();
        value = 0;
        int start = _at;
        while (_at < _text.Length && _text[_at] is >= (byte)'0' and <= (byte)'9' && _at - start < MaxDigits)
            value = (10 * value) + (ulong)(_text[_at++] - '0');
        int digits = _at - start;
        bool isWhole = _at == _text.Length || _text[_at] is (byte)',' or (byte)'}' or (byte)']' or <= (byte)' ';
        return digits > 0 && isWhole && (digits == 1 || _text[start] != '0');
    }

    /// <summary>Takes an object without looking into it.</summary>
    internal bool TryObject(out ReadOnlySpan<byte> json)
    {
        SkipBlanks();
        json = default;
        int start = _at;
        int depth = 0;
        while (_at < _text.Length)
        {
            byte character = _text[_at];
            if (character == '"')
            {
                if (!TryText(out _))
                    return false;
                continue;
            }

            _at++;
            if (character == '{')
                depth++;
            else if (character == '}')
                depth--;
            if (depth > 0)
                continue;
            json = _text[start.._at];
            return character == '}';
        }

        return false;
    }

    private void SkipBlanks()
    {
        if (_at < _text.Length && _text[_at] > (byte)' ')
            return;
        while (_at < _text.Length && (_text[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
            _at++;
    }
}
