namespace TdxPamt.Cli;

/// <summary>A table of a page: named columns, their cells aligned at the left.</summary>
internal sealed class PageTable(params string[] columns) : PageBlock
{
    private readonly List<PageCell[]> _rows = [];
    private IEnumerable<PageCell[]>? _allRows;

    internal IReadOnlyList<string> Columns => columns;

    internal IEnumerable<IReadOnlyList<PageCell>> Rows => _allRows ?? _rows;

    /// <summary>A table of many rows, made each time they are looked at, so that it takes no memory.</summary>
    internal static PageTable OfMany<T>(IEnumerable<T> items, Func<T, int, PageCell[]> row, params string[] columns) =>
        new(columns) { _allRows = items.Select(row) };

    /// <summary>Adds a row.</summary>
    /// <exception cref="ArgumentException">There is not exactly one cell for each column.</exception>
    internal void Add(params PageCell[] cells)
    {
        if (cells.Length != columns.Length)
            throw new ArgumentException($"a row must have {columns.Length} cells, and this one has {cells.Length}");
        _rows.Add(cells);
    }
}
