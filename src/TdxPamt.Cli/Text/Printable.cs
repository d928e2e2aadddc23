using System.Globalization;
using System.Text;

namespace TdxPamt.Cli;

/// <summary>Texts from files, made fit for a terminal, which takes control characters for commands.</summary>
internal static class Printable
{
    /// <summary>The text with a question mark for each character that breaks a line or acts on a terminal. A surrogate
    /// without its pair becomes U+FFFD.</summary>
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
