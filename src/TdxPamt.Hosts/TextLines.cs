namespace TdxPamt.Hosts;

/// <summary>Breaks text into lines between words. An address range is one word where it fits.</summary>
internal static class TextLines
{
    /// <summary>The lines; one is longer than <paramref name="width"/> only where a word is. All but the first begin
    /// with <paramref name="indent"/>.</summary>
    internal static List<string> Wrap(string text, int width, string indent = "")
    {
        List<string> lines = [];
        string line = "";
        bool isEmpty = true;
        foreach (string word in Words(text).SelectMany(
            word => indent.Length + word.Length > width ? word.Split(' ') : [word]))
        {
            if (!isEmpty && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = indent + word;
            }
            else
            {
                line += (isEmpty ? "" : " ") + word;
            }

            isEmpty = false;
        }

        lines.Add(line);
        return lines;
    }

    /// <summary>The words of a text; a range such as <c>[0x0, 0x80000000)</c> is one.</summary>
    internal static List<string> Words(string text)
    {
        List<string> words = [];
        bool isInRange = false;
        foreach (string word in text.Split(' '))
        {
            if (isInRange)
                words[^1] += $" {word}";
            else
                words.Add(word);
            isInRange = !isInRange && word.Contains("[0x", StringComparison.Ordinal) && word[^1] == ',';
        }

        return words;
    }
}
