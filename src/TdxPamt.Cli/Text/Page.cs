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

    /// <summary>Writes the text for a file or a pipe: every column as wide as it needs, nothing wrapped.</summary>
    internal void WritePlainText(TextWriter text)
    {
        foreach (PageBlock block in _blocks)
        {
            if (block is PageTable table)
                WriteTable(text, table);
            else
                text.Write(((PageLine)block).Text + "\n");
        }
    }

    private static void WriteTable(TextWriter text, PageTable table)
    {
        int[] widths = [.. table.Columns.Select(static name => name.Length)];
        foreach (IReadOnlyList<PageCell> row in table.Rows)
        {
            for (int column = 0; column < widths.Length; column++)
                widths[column] = Math.Max(widths[column], row[column].ToString().Length);
        }

        WriteRow(text, table.Columns, widths);
        foreach (IReadOnlyList<PageCell> row in table.Rows)
            WriteRow(text, row.Select(static cell => cell.ToString()), widths);
    }

    private static void WriteRow(TextWriter text, IEnumerable<string> cells, int[] widths) =>
        text.Write(string.Join("  ", cells.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + "\n");
}
