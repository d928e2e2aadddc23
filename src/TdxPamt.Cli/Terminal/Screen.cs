using System.Text;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>A terminal that text for reading is shown on: tables fit its width, outcomes have a colour.</summary>
/// <param name="output">What it shows.</param>
/// <param name="width">Its columns, 1 or more.</param>
/// <param name="hasColours">Whether it knows the codes for colours, and they are wanted.</param>
internal sealed class Screen(TextWriter output, int width, bool hasColours)
{
    /// <summary>Codes of ECMA-48, "select graphic rendition": green, bright red, bright yellow, bold.</summary>
    private const string Good = "32";
    private const string Bad = "91";
    private const string Warning = "93";
    private const string Heading = "1";

    /// <summary>The columns of a terminal that does not say how many it has.</summary>
    private const int UsualWidth = 80;

    /// <summary>The terminal that standard output is; null where it is a file or a pipe.</summary>
    internal static Screen? FromStandardOutput()
    {
        string? name = Environment.GetEnvironmentVariable("TERM");
        if (name is not null && (name.Contains('/') || name.StartsWith('.')))
            Environment.SetEnvironmentVariable("TERM", name = "dumb"); // .NET would read any file that it names.
        if (Console.IsOutputRedirected)
            return null;

        // Of the consoles of Windows the older one shows codes as text.
        bool knowsCodes = OperatingSystem.IsWindows()
            ? Environment.GetEnvironmentVariable("WT_SESSION") is not null
            : name is not (null or "" or "dumb");
        return new(
            Console.Out,
            Console.WindowWidth is > 0 and int width ? width : UsualWidth,
            knowsCodes && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
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
        // A word that is longer, such as a boot option, is left for the terminal to break: it copies as one word.
        foreach (string text in TextLines.Wrap(line.Text, width))
            output.WriteLine(Coloured(text, CodeOf(line.Outcome)));
    }

    private void Show(PageTable table)
    {
        NarrowTable narrow = new(table, width);
        if (narrow.Above is { } above)
            Show(new PageLine(above, Outcome.Neutral));
        int[] widths = TableWidths.Fit(
            narrow.Columns, narrow.Rows, width - (NarrowTable.Gap * (narrow.Columns.Length - 1)));
        Show([.. narrow.Columns.Select(static name => (name, (string?)Heading))], widths);
        foreach (PageCell[] row in narrow.Rows)
            Show([.. row.Select(static cell => (cell.ToString(), CodeOf(cell.Outcome)))], widths);
        foreach (string note in narrow.Below)
            Show(new PageLine(note, Outcome.Neutral));
    }

    /// <summary>Shows a row of cells, on as many lines as its tallest takes.</summary>
    private void Show((string Text, string? Code)[] cells, int[] widths)
    {
        string[][] lines = [.. cells.Select((cell, i) => Broken(cell.Text, widths[i]))];
        int height = lines.Max(static cell => cell.Length);
        StringBuilder shown = new();
        for (int line = 0; line < height; line++)
        {
            for (int i = 0; i < cells.Length; i++)
            {
                string text = line < lines[i].Length ? lines[i][line] : "";
                shown.Append(Coloured(text, cells[i].Code));
                if (i + 1 < cells.Length)
                    shown.Append(' ', widths[i] + NarrowTable.Gap - text.Length);
            }

            shown.Append(output.NewLine);
        }

        output.Write(shown); // A terminal is written to at once: not cell by cell.
    }

    /// <summary>The lines of a cell, of which none is longer than its column.</summary>
    private static string[] Broken(string text, int width) =>
    [
        .. TextLines.Wrap(text, width).SelectMany(line => line.Length <= width
            ? [line]
            : line.Chunk(width).Select(static part => new string(part))),
    ];

    private string Coloured(string text, string? code) =>
        hasColours && code is not null && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;

    private static string? CodeOf(Outcome outcome) => outcome switch
    {
        Outcome.Good => Good,
        Outcome.Bad => Bad,
        Outcome.Warning => Warning,
        _ => null,
    };
}
