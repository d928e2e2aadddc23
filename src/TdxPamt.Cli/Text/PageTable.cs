namespace TdxPamt.Cli;

/// <summary>A table of a page: named columns, their cells aligned at the left.</summary>
internal sealed class PageTable(params string[] columns) : PageBlock
{
    private readonly List<PageCell[]> _rows = [];

    internal IReadOnlyList<string> Columns => columns;

    internal IReadOnlyList<IReadOnlyList<PageCell>> Rows => _rows;

    /// <summary>Adds a row.</summary>
    /// <exception cref="ArgumentException">There is not exactly one cell for each column.</exception>
    internal void Add(params PageCell[] cells)
    {
        if (cells.Length != columns.Length)
            throw new ArgumentException($"a row must have {columns.Length} cells, and this one has {cells.Length}");
        _rows.Add(cells);
    }
}
