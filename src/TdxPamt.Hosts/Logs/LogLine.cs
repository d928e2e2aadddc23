namespace TdxPamt.Hosts;

/// <summary>Undoes what terminals, mail and web pages did to a line of a log, and splits what was joined.</summary>
internal static class LogLine
{
    /// <summary>Copies a line without escape sequences, its entities, no-break spaces, JSON escapes and
    /// quoted-printable undone. What ends a line in disguise, such as NUL and <c>&lt;br&gt;</c>, becomes a
    /// line end.</summary>
    /// <param name="line">The line.</param>
    /// <param name="output">Where to write, at least as long as the line.</param>
    /// <returns>How many bytes were written.</returns>
    internal static int Clean(ReadOnlySpan<byte> line, Span<byte> output)
    {
        int written = 0;
        for (int i = 0; i < line.Length;)
        {
            byte character = line[i];
            if (IsPlain(character))
            {
                output[written++] = character;
                i++;
                continue;
            }

            int length = Undo(line[i..], out int replacement);
            i += Math.Max(length, 1);
            if (length == 0)
                output[written++] = character;
            else if (replacement >= 0)
                output[written++] = (byte)replacement;
        }

        return written;
    }

    /// <summary>Where the first line of a text ends that may hold several kernel lines: at a line end, before a later
    /// time stamp, or before a second <c>BIOS-e820:</c>.</summary>
    internal static int FirstLength(ReadOnlySpan<byte> text)
    {
        bool inMap = text.StartsWith("BIOS-e820:"u8);
        for (int i = 1; i < text.Length; i++)
        {
            int next = text[i..].IndexOfAny((byte)'\n', (byte)'[', (byte)'B');
            if (next < 0)
                return text.Length;
            i += next;
            if (text[i] == '\n' || (text[i] == '[' && IsTimeStamp(text[i..])))
                return i;
            if (!text[i..].StartsWith("BIOS-e820:"u8))
                continue;
            if (inMap)
                return i;
            inMap = true;
        }

        return text.Length;
    }

    /// <summary>The property of a JSON log that holds the kernel's text; empty where a line has none.</summary>
    internal static ReadOnlySpan<byte> MessageName(ReadOnlySpan<byte> line) =>
        line.IndexOf("\"MESSAGE\""u8) >= 0 ? "\"MESSAGE\""u8
        : line.IndexOf("\"msg\""u8) >= 0 ? "\"msg\""u8
        : default;

    /// <summary>Finds the value of a property in a line of JSON.</summary>
    /// <param name="line">The line; then what follows the value.</param>
    /// <param name="name">The property of <see cref="MessageName"/>.</param>
    /// <param name="message">The value, its escapes still there. The journal writes text that is no plain text as an
    /// array of bytes, which are written to <paramref name="bytes"/>.</param>
    /// <param name="bytes">Where to write, at least as long as the line.</param>
    internal static bool TryCutMessage(
        ref ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, Span<byte> bytes, out ReadOnlySpan<byte> message)
    {
        message = default;
        int place = line.IndexOf(name);
        LogText text = new(place < 0 ? default : line[(place + name.Length)..]);
        if (place < 0 || !text.TrySkip(":"u8))
            return false;
        if (text.TrySkip("["u8))
        {
            int written = 0;
            while (text.TryInt(out int value) && value <= byte.MaxValue)
            {
                bytes[written++] = (byte)value;
                text.TrySkip(","u8);
            }

            message = bytes[..written];
            line = text.Rest;
            return true;
        }

        if (!text.TrySkip("\""u8))
            return false;
        ReadOnlySpan<byte> rest = text.Rest;
        int length = 0;
        while (length < rest.Length && rest[length] != '"')
            length += rest[length] == '\\' ? 2 : 1;
        length = Math.Min(length, rest.Length);
        message = rest[..length];
        line = rest[length..];
        return true;
    }

    private static bool IsPlain(byte character) =>
        character is >= (byte)' ' and < 0x7f and not ((byte)'&' or (byte)'=' or (byte)'\\' or (byte)'<' or (byte)'^'
            or (byte)'#');

    /// <summary>How many bytes at the start of a text stand for one other, and for which; -1 for none.</summary>
    private static int Undo(ReadOnlySpan<byte> text, out int replacement)
    {
        replacement = -1;
        int escape = EscapeLength(text);
        if (escape > 0)
            return escape;
        replacement = text[0] switch
        {
            0 => '\n',
            (byte)'\r' when text.Length > 1 => '\n',
            _ => -1,
        };
        if (replacement >= 0 || text[0] == 0x1b)
            return 1;
        if (text[0] == '=' && UndoQuotedPrintable(text, out replacement) is var quoted and > 0)
            return quoted;
        for (int i = 0; ReplacementOf(i, out replacement) is { IsEmpty: false } form; i++)
        {
            if (text.StartsWith(form))
                return form.Length;
        }

        return 0;
    }

    private static int UndoQuotedPrintable(ReadOnlySpan<byte> text, out int replacement)
    {
        replacement = -1;
        if (text.StartsWith("=\n"u8))
            return 2;
        if (text.StartsWith("=\r\n"u8))
            return 3;
        if (text.StartsWith("=C2=A0"u8))
        {
            replacement = ' ';
            return 6;
        }

        int high = text.Length < 3 ? -1 : UpperHex(text[1]);
        int low = text.Length < 3 ? -1 : UpperHex(text[2]);
        if (high < 2 || low < 0)
            return 0;
        replacement = (high * 16) + low;
        return 3;
    }

    private static int UpperHex(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        _ => -1,
    };

    private static ReadOnlySpan<byte> ReplacementOf(int index, out int replacement)
    {
        replacement = index switch
        {
            < 5 => ' ',
            5 => '<',
            6 => '>',
            7 => '&',
            8 or 9 or 10 => '"',
            11 => -1,
            _ => '\n',
        };
        return index switch
        {
            0 => "\u00a0"u8,
            1 => "\u202f"u8,
            2 => "&nbsp;"u8,
            3 => "&#160;"u8,
            4 => "\\t"u8,
            5 => "&lt;"u8,
            6 => "&gt;"u8,
            7 => "&amp;"u8,
            8 => "&quot;"u8,
            9 => "&#34;"u8,
            10 => "\\\""u8,
            11 => "\u200b"u8,
            12 => "<br"u8,
            13 => "<BR"u8,
            14 => "\\n"u8,
            15 => "\\r"u8,
            16 => "^M"u8,
            17 => "#015"u8,
            18 => "#012"u8,
            19 => "\\u0000"u8,
            _ => default,
        };
    }

    /// <summary>The length of an escape sequence, however its first byte is written; 0 where there is none.</summary>
    private static int EscapeLength(ReadOnlySpan<byte> text)
    {
        int start = text.StartsWith("\u001b["u8) ? 2
            : text.StartsWith("^[["u8) ? 3
            : text.StartsWith("\\e["u8) ? 3
            : text.StartsWith("#033["u8) || text.StartsWith("\\033["u8) || text.StartsWith("\\x1b["u8) ? 5
            : text.StartsWith("\\u001b["u8) || text.StartsWith("\\u001B["u8) ? 7
            : 0;
        if (start == 0)
            return 0;
        while (start < text.Length && (LogText.IsDigit(text[start]) || text[start] is (byte)';' or (byte)'?'))
            start++;
        return Math.Min(start + 1, text.Length);
    }

    /// <summary>Whether a text starts with a time stamp of the kernel's: <c>[    0.000000]</c>.</summary>
    private static bool IsTimeStamp(ReadOnlySpan<byte> text)
    {
        LogText stamp = new(text[1..]);
        return stamp.TryDecimal(out _)
            && stamp.Rest.Length > 1 && stamp.Rest[0] == '.' && LogText.IsDigit(stamp.Rest[1])
            && stamp.TrySkip("."u8) && stamp.TryDecimal(out _) && stamp.Rest.StartsWith("]"u8);
    }
}
