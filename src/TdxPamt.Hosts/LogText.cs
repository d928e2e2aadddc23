using System.Buffers.Text;

namespace TdxPamt.Hosts;

/// <summary>A line of text, read from left to right. White space before what is read is passed over.</summary>
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

    private static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0 && IsSpace(text[0]))
            text = text[1..];
        return text;
    }
}
