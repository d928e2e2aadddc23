namespace TdxPamt.Hosts.Drawing;

/// <summary>A line of cells of one node, and how high its parts are.</summary>
internal sealed class MapRow(int node, bool isFirst, List<MapCell> cells)
{
    internal const double Left = 128;
    internal const double Right = 986;

    internal const double MemoryTop = 14;
    internal const double MemoryHeight = 24;
    internal const double TdmrTop = 42;
    internal const double TdmrHeight = 15;
    internal const double AreaTop = 60;
    internal const double AreaHeight = 11;
    internal const double AddressTop = 72;

    private const double Space = 13;

    internal int Node { get; } = node;

    /// <summary>Whether the node's band begins with it.</summary>
    internal bool IsFirst { get; } = isFirst;

    internal List<MapCell> Cells { get; } = cells;

    internal MapAddresses Addresses { get; private set; } = MapAddresses.None;

    internal double Y { get; set; }

    internal double Height => AddressTop + Addresses.Height + Space;

    /// <summary>Fills the line: gaps keep their width, all else grows or shrinks alike.</summary>
    internal void Place()
    {
        double gaps = Cells.Where(static cell => cell.IsGap).Sum(static cell => cell.NaturalWidth);
        double rest = Cells.Where(static cell => !cell.IsGap).Sum(static cell => cell.NaturalWidth);
        double factor = (Right - Left - gaps) / rest;
        double x = Left;
        foreach (MapCell cell in Cells)
        {
            cell.Row = this;
            cell.X = x;
            cell.Width = cell.IsGap ? cell.NaturalWidth : cell.NaturalWidth * factor;
            x = cell.Right;
        }
    }

    internal void Label(MapSubject subject) => Addresses = MapAddresses.Create(this, subject);
}
