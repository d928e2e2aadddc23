namespace TdxPamt.Cli;

/// <summary>A table that a terminal may have too little room for: step by step, what it says many times is said once,
/// until it fits.</summary>
internal sealed class NarrowTable
{
    /// <summary>The spaces between columns.</summary>
    internal const int Gap = 2;

    /// <summary>Last cells of more characters than this have their notes below the table.</summary>
    private const int MaxCellWithNote = 32;

    /// <summary>The text of a cell that says nothing.</summary>
    private const string None = "-";

    private readonly List<string> _notes = [];

    internal NarrowTable(PageTable table, int width)
    {
        Columns = [.. table.Columns];
        Rows = [.. table.Rows.Select(static row => row.ToArray())];
        foreach (Action step in (Action[])[MoveNotesBelow, SaySameAbove, SayUnitsInHeadings])
        {
            if (TableWidths.Natural(Columns, Rows).Sum(static column => Gap + column) - Gap > width)
                step();
        }
    }

    internal string[] Columns { get; private set; }

    internal PageCell[][] Rows { get; private set; }

    /// <summary>The line above the table; null for none.</summary>
    internal string? Above { get; private set; }

    /// <summary>The lines below the table.</summary>
    internal IEnumerable<string> Below => _notes.Select(static (note, i) => $"({i + 1}) {note}");

    /// <summary>Moves the notes of long last cells below the table, where each note is shown once.</summary>
    private void MoveNotesBelow()
    {
        Rows = [.. Rows.Select(row => (PageCell[])[.. row[..^1], WithoutNote(row[^1])])];

        PageCell WithoutNote(PageCell cell)
        {
            if (cell.Note is not { } note || cell.ToString().Length <= MaxCellWithNote)
                return cell;
            if (!_notes.Contains(note, StringComparer.Ordinal))
                _notes.Add(note);
            return PageCell.Create($"{cell.Text} ({_notes.IndexOf(note) + 1})", cell.Outcome);
        }
    }

    /// <summary>Says once above the table what is the same in all rows, or in all but those that another column shows
    /// to have nothing.</summary>
    private void SaySameAbove()
    {
        List<int> kept = [];
        List<string> same = [];
        bool isInAll = true;
        for (int i = 0; i < Columns.Length; i++)
        {
            string[] cells = [.. Rows.Select(row => row[i].ToString())];
            string[] values = [.. cells.Where(static cell => cell != None).Distinct(StringComparer.Ordinal)];
            bool isWhole = !cells.Contains(None);
            if (i > 0 && cells.Length > 1 && values.Length == 1 && (isWhole || kept.Exists(HasSameGaps)))
            {
                same.Add($"{Columns[i]} {values[0]}");
                isInAll &= isWhole;
            }
            else
            {
                kept.Add(i);
            }

            bool HasSameGaps(int other) =>
                Rows.Select(row => row[other].Text == None).SequenceEqual(cells.Select(static cell => cell == None));
        }

        if (same.Count == 0)
            return;
        Above = $"all rows{(isInAll ? "" : " but those with -")}: {string.Join("; ", same)}";
        Columns = [.. kept.Select(i => Columns[i])];
        Rows = [.. Rows.Select(row => kept.Select(i => row[i]).ToArray())];
    }

    /// <summary>Says in the heading what follows each number of a column: <c>of 64</c>, a unit.</summary>
    private void SayUnitsInHeadings()
    {
        string[] units = [.. Columns.Select((_, i) => UnitOf(i))];
        Columns = [.. Columns.Select((name, i) => name + (units[i] is [' ', not 'o', ..] ? "," : "") + units[i])];
        Rows = [.. Rows.Select(row => row.Select((cell, i) => Without(cell, units[i])).ToArray())];

        static PageCell Without(PageCell cell, string unit) => unit.Length == 0 || cell.Text == None
            ? cell
            : PageCell.Create(cell.Text[..^unit.Length], cell.Outcome);
    }

    /// <summary>What follows the number in all cells of a column that have one; empty where that differs.</summary>
    private string UnitOf(int column)
    {
        string[] units =
        [
            .. Rows.Select(row => row[column].ToString()).Where(static cell => cell != None)
                .Select(TableWidths.UnitOf).Distinct(StringComparer.Ordinal),
        ];
        return units.Length == 1 && Rows.Length > 1 ? units[0] : "";
    }
}
