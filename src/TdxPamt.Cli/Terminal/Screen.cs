using Spectre.Console;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>A terminal that text for reading is shown on: tables fit its width, outcomes have a colour.</summary>
internal sealed class Screen(IAnsiConsole console)
{
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

    internal void Show(PageLine line)
    {
        int width = console.Profile.Width;
        foreach (string text in TextLines.Wrap(line.Text, width))
        {
            // A word that is longer, such as a boot option, is left for the terminal to break: it copies as one word.
            console.Profile.Width = Math.Max(width, text.Length);
            console.Write(new Text(text + "\n", StyleOf(line.Outcome)));
        }

        console.Profile.Width = width;
    }

    private void Show(PageTable table)
    {
        NarrowTable narrow = new(table, console.Profile.Width);
        if (narrow.Above is { } above)
            Show(new PageLine(above, Outcome.Neutral));
        console.Write(LayOut(narrow.Columns, narrow.Rows));
        foreach (string note in narrow.Below)
            Show(new PageLine(note, Outcome.Neutral));
    }

    private Table LayOut(string[] columns, PageCell[][] rows)
    {
        const int Gap = NarrowTable.Gap;
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
        {
            table.AddRow(row.Select((cell, i) => new Text(
                string.Join('\n', TextLines.Wrap(cell.ToString(), widths[i])), StyleOf(cell.Outcome))));
        }

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
