using System.Globalization;
using System.Text;

namespace TdxPamt.Hosts;

/// <summary>Text from an input, fit for a line of a message, a terminal, a drawing or a page.</summary>
internal static class PrintableText
{
    /// <summary>The text with a question mark for each character that breaks a line, acts on a terminal or reorders
    /// text, that is half of a surrogate pair, or that XML cannot hold.</summary>
    internal static string Create(string text)
    {
        int first = 0;
        while (first < text.Length && text[first] is >= ' ' and <= '~')
            first++;
        if (first == text.Length)
            return text;
        StringBuilder printable = new(text, 0, first, text.Length);
        for (int i = first, length; i < text.Length; i += length)
        {
            length = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : 1;
            if (IsPrintable(text, i))
                printable.Append(text, i, length);
            else
                printable.Append('?');
        }

        return printable.ToString();
    }

    /// <summary>The same for at most a number of UTF-16 units; three dots stand for what is cut off.</summary>
    internal static string Create(string text, int maxLength)
    {
        if (text.Length <= maxLength)
            return Create(text);
        bool isWhole = !char.IsSurrogatePair(text[maxLength - 1], text[maxLength]);
        return Create(text[..(isWhole ? maxLength : maxLength - 1)]) + "...";
    }

    /// <summary>Whether no character of a text is replaced; null has none.</summary>
    internal static bool IsPrintable(string? text)
    {
        if (text is null)
            return true;
        for (int i = 0; i < text.Length; i += char.IsHighSurrogate(text[i]) ? 2 : 1)
        {
            if (text[i] is not (>= ' ' and <= '~') && !IsPrintable(text, i))
                return false;
        }

        return true;
    }

    private static bool IsPrintable(string text, int index) =>
        text[index] is not ('\uFFFE' or '\uFFFF')
        && CharUnicodeInfo.GetUnicodeCategory(text, index) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
}
