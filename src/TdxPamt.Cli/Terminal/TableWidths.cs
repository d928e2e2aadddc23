using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>How wide the columns of a table are where there may be too little room for it.</summary>
internal static class TableWidths
{
    /// <summary>Cells of at most this many characters stay on a line where there is room: sizes, counts.</summary>
    private const int MaxUnwrapped = 16;

    /// <summary>The widths that need no line break.</summary>
    internal static int[] Natural(IReadOnlyList<string> columns, PageCell[][] rows) =>
        [.. columns.Select((name, column) => Math.Max(name.Length, Widest(rows, column, static text => text.Length)))];

    /// <summary>The widths that fit. Headings are broken first, between words; then long cells, and of those ranges
    /// last; then words; then numbers from their units. An address or a name is broken only where nothing else is
    /// left to break.</summary>
    internal static int[] Fit(IReadOnlyList<string> columns, PageCell[][] rows, int room)
    {
        int[] widths = Natural(columns, rows);
        Func<string, int>[] steps =
        [
            static text => text.Length,
            static text => IsLong(text) ? TextLines.Words(text).Max(static word => word.Length) : text.Length,
            static text => IsLong(text) ? Word(text) : text.Length,
            static text => UnitOf(text).Length > 0 ? text.Length : Word(text),
            Word,
        ];
        foreach (Func<string, int> step in steps)
            Shrink(widths, [.. columns.Select((name, i) => Math.Max(Word(name), Widest(rows, i, step)))], room);
        Shrink(widths, [.. columns.Select(static _ => 1)], room);
        return widths;
    }

    /// <summary>What follows a number, with the space before it: <c> GiB</c>, <c> of 64</c>; empty for a text
    /// that is no number.</summary>
    internal static string UnitOf(string text) =>
        text.Split(' ') is [[>= '0' and <= '9', ..] number, _, ..] words && words.Length <= 3
            ? text[number.Length..]
            : "";

    private static bool IsLong(string text) => text.Length > MaxUnwrapped;

    private static void Shrink(int[] widths, int[] least, int room)
    {
        while (widths.Sum() > room && Widest(widths, least) is { } column)
            widths[column]--;
    }

    /// <summary>The widest column that may still shrink; null for none.</summary>
    private static int? Widest(int[] widths, int[] least)
    {
        int? widest = null;
        for (int i = 0; i < widths.Length; i++)
        {
            if (widths[i] > least[i] && !(widest is { } other && widths[other] >= widths[i]))
                widest = i;
        }

        return widest;
    }

    private static int Widest(PageCell[][] rows, int column, Func<string, int> width) =>
        rows.Select(row => width(row[column].ToString())).DefaultIfEmpty().Max();

    private static int Word(string text) => text.Split(' ').Max(static word => word.Length);
}
