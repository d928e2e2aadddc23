using System.Text;

namespace TdxPamt.Cli;

/// <summary>Text for reading: lines, and tables that are laid out only where it is known how wide they may
/// be.</summary>
internal static class Page
{
    /// <summary>Stands between the cells of a table's row.</summary>
    private const char Cell = '\u001F';

    /// <summary>Adds a table, its first row the header.</summary>
    internal static void AppendTable(StringBuilder text, List<string[]> rows)
    {
        foreach (string[] row in rows)
            text.AppendJoin(Cell, row).Append('\n');
    }

    /// <summary>The text for a file or a pipe: every column as wide as it needs, nothing wrapped.</summary>
    internal static string Plain(string text)
    {
        StringBuilder plain = new();
        foreach (string[][] block in Blocks(text))
        {
            int[] widths = [.. block[0].Select((_, column) => block.Max(row => row[column].Length))];
            foreach (string[] row in block)
            {
                IEnumerable<string> cells = row.Select((cell, column) => cell.PadRight(widths[column]));
                plain.Append(row.Length == 1 ? row[0] : string.Join("  ", cells).TrimEnd()).Append('\n');
            }
        }

        return plain.ToString();
    }

    /// <summary>The text's tables, and each other line as a table of one cell.</summary>
    internal static IEnumerable<string[][]> Blocks(string text)
    {
        string[][] rows = [.. text.Split('\n')[..^1].Select(static line => line.Split(Cell))];
        for (int start = 0, end; start < rows.Length; start = end)
        {
            end = start + 1;
            while (end < rows.Length && rows[end].Length > 1 && rows[end].Length == rows[start].Length)
                end++;
            yield return rows[start..end];
        }
    }
}
