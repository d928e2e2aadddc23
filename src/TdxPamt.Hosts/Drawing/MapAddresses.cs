namespace TdxPamt.Hosts.Drawing;

/// <summary>The addresses written below a row: all of them level if there is room, else slanted; and where there is no
/// room for that either, those of TDMRs first, then of PAMTs, then of other things, each in ascending order.</summary>
internal sealed class MapAddresses
{
    private const double LevelHeight = 14;
    private const double Slant = 0.7072;
    private const double SlantSpacing = 12.5;
    private const double LevelSpacing = 6;

    internal static readonly MapAddresses None = new([], isSlanted: false);

    private MapAddresses(List<(double X, string Text)> labels, bool isSlanted)
    {
        Labels = labels;
        IsSlanted = isSlanted;
    }

    /// <summary>Each text and the x of its edge.</summary>
    internal List<(double X, string Text)> Labels { get; }

    /// <summary>Whether they rise to the right and end at their edges, rather than being centred there.</summary>
    internal bool IsSlanted { get; }

    internal double Height => IsSlanted
        ? 10 + (Slant * Labels.Max(static label => MapText.Width(label.Text)))
        : LevelHeight;

    internal static MapAddresses Create(MapRow row, MapSubject subject)
    {
        SortedDictionary<ulong, double> edges = [];
        foreach (MapCell cell in row.Cells.Where(static cell => !cell.IsGap))
        {
            edges[cell.Range.Start] = cell.X;
            edges[cell.Range.End] = cell.Right;
        }

        (double X, string Text, int Rank)[] wanted =
            [.. edges.Select(edge => (edge.Value, $"0x{edge.Key:x}", subject.RankOf(edge.Key)))];
        List<(double X, string Text)> level = Fit(
            [.. wanted.Select(static label => (Middle(label.X, label.Text), label.X, label.Text, label.Rank))],
            static text => MapText.Width(text) + LevelSpacing);
        return level.Count == wanted.Length
            ? new(level, isSlanted: false)
            : new(
                Fit(
                    [.. wanted.Select(static label => (label.X, label.X, label.Text, label.Rank))],
                    static _ => SlantSpacing),
                isSlanted: true);
    }

    /// <summary>Where the middle of a level text is: at its edge, but on the page.</summary>
    internal static double Middle(double x, string text)
    {
        double half = MapText.Width(text) / 2;
        return Math.Min(Math.Max(x, half), MapRow.Right + 8 - half);
    }

    private static List<(double X, string Text)> Fit(
        (double At, double X, string Text, int Rank)[] wanted, Func<string, double> width)
    {
        List<(double At, double X, string Text, int Rank)> placed = [];
        foreach ((double At, double X, string Text, int Rank) label in wanted.OrderBy(static label => label.Rank))
        {
            if (placed.TrueForAll(other =>
                    Math.Abs(other.At - label.At) >= (width(other.Text) + width(label.Text)) / 2))
            {
                placed.Add(label);
            }
        }

        return [.. placed.Select(static label => (label.X, label.Text))];
    }
}
