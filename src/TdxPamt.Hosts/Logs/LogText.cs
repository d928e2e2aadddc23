using System.Buffers.Text;

namespace TdxPamt.Hosts;

/// <summary>A line of text, read from left to right. White space before what is read is skipped.</summary>
internal ref struct LogText(ReadOnlySpan<byte> text)
{
    /// <summary>What is not read yet.</summary>
    internal ReadOnlySpan<byte> Rest { get; private set; } = text;

    /// <summary>A text without white space at either end.</summary>
    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => TrimStart(TrimEnd(text));

    internal static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0 && IsSpace(text[^1]))
            text = text[..^1];
        return text;
    }

    internal static bool IsSpace(byte character) => character is (byte)' ' or (byte)'\t' or (byte)'\r';

    internal static bool IsDigit(byte character) => character is >= (byte)'0' and <= (byte)'9';

    /// <summary>Finds words wherever they stand in a line.</summary>
    internal static bool TryFind(ReadOnlySpan<byte> line, ReadOnlySpan<byte> words, out LogText after)
    {
        int place = line.IndexOf(words);
        after = new(place < 0 ? default : line[(place + words.Length)..]);
        return place >= 0;
    }

    /// <summary>The last word of a text, empty where there is none, and what stands before it.</summary>
    internal static ReadOnlySpan<byte> LastWord(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> before)
    {
        text = Trim(text);
        int start = text.Length;
        while (start > 0 && !IsSpace(text[start - 1]))
            start--;
        before = text[..start];
        return text[start..];
    }

    internal static bool IsLetter(byte character) => (byte)(character | 0x20) is >= (byte)'a' and <= (byte)'z';

    /// <summary>Whether a text ends with a word that follows no letter, digit, hyphen, underscore or dot.</summary>
    internal static bool EndsWithWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.EndsWith(word) && (text.Length == word.Length || !IsWordPart(text[^(word.Length + 1)]));

    /// <summary>Whether a text starts with a word that no letter, digit, hyphen or underscore follows.</summary>
    internal static bool StartsWithWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.StartsWith(word)
        && (text.Length == word.Length || !IsWordPart(text[word.Length]) || text[word.Length] == '.');

    /// <summary>Tells a line of the kernel's, cut off or not, from a sentence about such lines: a range follows,
    /// or nothing.</summary>
    internal readonly bool IsAtRange(bool orHex)
    {
        LogText rest = this;
        return rest.TrySkip("["u8) || rest.Rest.IsEmpty || (orHex && rest.TryHex(out _));
    }

    internal bool TrySkip(ReadOnlySpan<byte> expected)
    {
        Rest = TrimStart(Rest);
        if (!Rest.StartsWith(expected))
            return false;
        Rest = Rest[expected.Length..];
        return true;
    }

    /// <summary>Reads a hexadecimal number of at most 64 bits, with or without <c>0x</c>.</summary>
    internal bool TryHex(out ulong value)
    {
        if (!TrySkip("0x"u8))
            TrySkip("0X"u8);
        if (!Utf8Parser.TryParse(Rest, out value, out int length, 'x'))
            return false;
        Rest = Rest[length..];
        return true;
    }

    internal bool TryDecimal(out ulong value)
    {
        Rest = TrimStart(Rest);
        value = 0;
        if (Rest.IsEmpty || !IsDigit(Rest[0]) || !Utf8Parser.TryParse(Rest, out value, out int length))
            return false;
        Rest = Rest[length..];
        return true;
    }

    internal bool TryInt(out int value)
    {
        bool valid = TryDecimal(out ulong number) && number <= int.MaxValue;
        value = valid ? (int)number : 0;
        return valid;
    }

    /// <summary>Reads a range in any of its forms: <c>[mem 0xS-0xE]</c> with the last byte, <c>S - E</c>, <c>S-E</c>
    /// and <c>[S,E)</c> with the byte after it.</summary>
    /// <param name="start">The first byte.</param>
    /// <param name="end">The byte after the last one; 2^64 - 1 where that is higher.</param>
    internal bool TryRange(out ulong start, out ulong end)
    {
        end = 0;
        if (TrySkip("[mem"u8))
        {
            if (!TryHex(out start) || !TrySkip("-"u8) || !TryHex(out end) || !TrySkip("]"u8))
                return false;
            end = end == ulong.MaxValue ? end : end + 1;
            return true;
        }

        bool bracket = TrySkip("["u8);
        if (!TryHex(out start) || !TrySkip(bracket ? ","u8 : "-"u8) || !TryHex(out end))
            return false;
        return bracket ? TrySkip(")"u8) : Rest.IsEmpty || IsSpace(Rest[0]);
    }

    private static bool IsWordPart(byte character) =>
        IsLetter(character) || IsDigit(character) || character is (byte)'-' or (byte)'_' or (byte)'.';

    private static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0 && IsSpace(text[0]))
            text = text[1..];
        return text;
    }
}
