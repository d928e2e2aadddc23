using System.Text;

namespace TdxPamt.Cli;

/// <summary>Text for reading: lines and tables, laid out only where it is known how wide they may be.</summary>
internal sealed class Page
{
    private readonly List<PageBlock> _blocks = [];

    internal IReadOnlyList<PageBlock> Blocks => _blocks;

    internal bool IsEmpty => _blocks.Count == 0;

    /// <summary>Adds a line; a blank one without arguments.</summary>
    internal void Add(string text = "", Outcome outcome = Outcome.Neutral) => _blocks.Add(new PageLine(text, outcome));

    internal void Add(PageTable table) => _blocks.Add(table);

    /// <summary>The text for a file or a pipe: every column as wide as it needs, nothing wrapped.</summary>
    internal string ToPlainText()
    {
        StringBuilder text = new();
        foreach (PageBlock block in _blocks)
        {
            if (block is PageTable table)
                AppendTable(text, table);
            else
                text.Append(((PageLine)block).Text).Append('\n');
        }

        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, PageTable table)
    {
        string[][] rows = [[.. table.Columns], .. table.Rows.Select(static row => Texts(row))];
        int[] widths = [.. table.Columns.Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) => cell.PadRight(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }
    }

    private static string[] Texts(IReadOnlyList<PageCell> row) => [.. row.Select(static cell => cell.ToString())];
}
