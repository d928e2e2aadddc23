using Spectre.Console;

namespace TdxPamt.Cli;

/// <summary>A terminal that text for reading is shown on: tables fit its width, outcomes have a colour.</summary>
internal sealed class Screen(IAnsiConsole console)
{
    /// <summary>Cells up to this length are never wrapped where the terminal is wide enough.</summary>
    private const int Unbroken = 16;

    /// <summary>Last cells longer than this become notes where there is no room for them.</summary>
    private const int Note = 32;

    /// <summary>How far columns stand apart.</summary>
    private const int Gap = 2;

    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Doubtful = new(Color.Yellow);
    private static readonly Style Heading = new(decoration: Decoration.Bold);

    /// <summary>The terminal of standard output; null where that is none.</summary>
    internal static Screen? OfStandardOutput()
    {
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

    internal void Show(string text)
    {
        foreach (string[][] block in Page.Blocks(text))
        {
            if (block[0].Length > 1)
                ShowTable(block);
            else
                console.Write(new Text(Printable.Of(block[0][0]) + "\n", StyleOf(block[0][0])));
        }
    }

    private void ShowTable(string[][] rows)
    {
        List<string> notes = [];
        if (Widths(rows).Sum(static width => Gap + width) - Gap > console.Profile.Width)
            rows = [.. rows.Select(row => WithNote(row, notes))];
        console.Write(Table(rows, Widths(rows)));
        for (int i = 0; i < notes.Count; i++)
            console.Write(new Text(Printable.Of($"({i + 1}) {notes[i]}") + "\n"));
    }

    /// <summary>What a row's last cell has to say at length goes below the table, once.</summary>
    private static string[] WithNote(string[] row, List<string> notes)
    {
        string[] parts = row[^1].Split(": ", 2);
        if (row[^1].Length <= Note || parts.Length < 2)
            return row;
        if (!notes.Contains(parts[1], StringComparer.Ordinal))
            notes.Add(parts[1]);
        return [.. row[..^1], $"{parts[0]} ({notes.IndexOf(parts[1]) + 1})"];
    }

    private static int[] Widths(string[][] rows) =>
        [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];

    private Table Table(string[][] rows, int[] widths)
    {
        Table table = new Table().NoBorder();
        bool isWide = widths.Sum(static width => Gap + Math.Min(width, Unbroken)) <= console.Profile.Width;
        for (int i = 0; i < widths.Length; i++)
        {
            table.AddColumn(new TableColumn(new Text(Printable.Of(rows[0][i]), Heading))
            {
                NoWrap = isWide && widths[i] <= Unbroken,
                Padding = new Padding(0, 0, i + 1 < widths.Length ? Gap : 0, 0),
            });
        }

        foreach (string[] row in rows[1..])
            table.AddRow(row.Select(static cell => new Text(Printable.Of(cell), StyleOf(cell))));
        return table;
    }

    /// <summary>What a line or a cell says is good, bad, doubtful or neither.</summary>
    private static Style StyleOf(string text) => text switch
    {
        "module: accepted" or "accepted" => Good,
        "failed" => Bad,
        _ when text.StartsWith("warning: ", StringComparison.Ordinal) => Doubtful,
        _ when text.EndsWith("; the plan matches", StringComparison.Ordinal)
            || text.EndsWith(": accepted", StringComparison.Ordinal)
            || text.Contains(": constructed, ", StringComparison.Ordinal) => Good,
        _ when text.StartsWith("initialization failed: ", StringComparison.Ordinal)
            || text.EndsWith("; the plan DOES NOT match", StringComparison.Ordinal)
            || text.StartsWith("fails", StringComparison.Ordinal)
            || text.StartsWith("rejected", StringComparison.Ordinal)
            || text.Contains(": rejected, ", StringComparison.Ordinal)
            || text.Contains(": failed, ", StringComparison.Ordinal) => Bad,
        _ => Style.Plain,
    };
}
