using Spectre.Console;

namespace TdxPamt.Cli;

/// <summary>A terminal that text for reading is shown on: tables fit its width, outcomes have a colour.</summary>
internal sealed class Screen(IAnsiConsole console)
{
    /// <summary>Where a table is too wide, last cells of more characters than this have their notes below it.</summary>
    private const int MaxCellWithNote = 32;

    /// <summary>The spaces between columns.</summary>
    private const int Gap = 2;

    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Warning = new(Color.Yellow);
    private static readonly Style Heading = new(decoration: Decoration.Bold);

    /// <summary>The terminal that standard output is; null where it is a file or a pipe.</summary>
    internal static Screen? FromStandardOutput()
    {
        if (Environment.GetEnvironmentVariable("TERM") is { } name && (name.Contains('/') || name.StartsWith('.')))
            Environment.SetEnvironmentVariable("TERM", "dumb"); // .NET would read any file that it names.
        if (Console.IsOutputRedirected)
            return null;
        bool isPlain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            || Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new(AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
            Interactive = InteractionSupport.No,
        }));
    }

    internal void Show(Page page)
    {
        foreach (PageBlock block in page.Blocks)
        {
            if (block is PageTable table)
                Show(table);
            else
                Show((PageLine)block);
        }
    }

    internal void Show(PageLine line) => console.Write(new Text(line.Text + "\n", StyleOf(line.Outcome)));

    private void Show(PageTable table)
    {
        List<string> notes = [];
        PageCell[][] rows = [.. table.Rows.Select(static row => row.ToArray())];
        if (TableWidths.Natural(table.Columns, rows).Sum(static width => Gap + width) - Gap > console.Profile.Width)
            rows = [.. rows.Select(row => WithNoteBelow(row, notes))];
        string[] columns = [.. table.Columns];
        if (TableWidths.Natural(columns, rows).Sum(static width => Gap + width) - Gap > console.Profile.Width)
            (columns, rows) = WithoutSame(columns, rows);
        console.Write(LayOut(columns, rows));
        for (int i = 0; i < notes.Count; i++)
            console.Write(new Text($"({i + 1}) {notes[i]}\n"));
    }

    /// <summary>Moves the note of a row's long last cell below the table, where each note is shown once.</summary>
    private static PageCell[] WithNoteBelow(PageCell[] row, List<string> notes)
    {
        PageCell last = row[^1];
        if (last.Note is not { } note || last.ToString().Length <= MaxCellWithNote)
            return row;
        if (!notes.Contains(note, StringComparer.Ordinal))
            notes.Add(note);
        return [.. row[..^1], PageCell.Create($"{last.Text} ({notes.IndexOf(note) + 1})", last.Outcome)];
    }

    /// <summary>Says once above the table what is the same in all rows.</summary>
    private (string[] Columns, PageCell[][] Rows) WithoutSame(string[] columns, PageCell[][] rows)
    {
        bool[] isSame = [.. columns.Select((_, i) => i > 0 && rows.Length > 1 && Array.TrueForAll(
            rows, row => row[i] == rows[0][i]))];
        if (!isSame.Contains(true))
            return (columns, rows);
        IEnumerable<string> same = columns.Select((name, i) => $"{name} {rows[0][i]}").Where((_, i) => isSame[i]);
        console.Write(new Text($"all rows: {string.Join("; ", same)}\n"));
        return (Others(columns), [.. rows.Select(Others)]);

        T[] Others<T>(T[] cells) => [.. cells.Where((_, i) => !isSame[i])];
    }

    private Table LayOut(string[] columns, PageCell[][] rows)
    {
        int[] widths = TableWidths.Fit(columns, rows, console.Profile.Width - (Gap * (columns.Length - 1)));
        Table table = new Table().NoBorder();
        for (int i = 0; i < widths.Length; i++)
        {
            table.AddColumn(new TableColumn(new Text(columns[i], Heading))
            {
                Width = widths[i],
                Padding = new Padding(0, 0, i + 1 < widths.Length ? Gap : 0, 0),
            });
        }

        foreach (PageCell[] row in rows)
            table.AddRow(row.Select(static cell => new Text(cell.ToString(), StyleOf(cell.Outcome))));
        return table;
    }

    private static Style StyleOf(Outcome outcome) => outcome switch
    {
        Outcome.Good => Good,
        Outcome.Bad => Bad,
        Outcome.Warning => Warning,
        _ => Style.Plain,
    };
}
