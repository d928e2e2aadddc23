using System.Globalization;
using System.Text;

namespace TdxPamt.Cli;

/// <summary>Texts from the outside, for a terminal that takes control characters for commands.</summary>
internal static class Printable
{
    /// <summary>The text with a question mark for all that breaks a line, acts on a terminal or is half a
    /// character.</summary>
    internal static string Of(string text)
    {
        if (text.All(static character => character is >= ' ' and <= '~'))
            return text;
        StringBuilder printable = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            printable.Append(IsUnfit(rune) ? "?" : rune.ToString());
        return printable.ToString();
    }

    private static bool IsUnfit(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
