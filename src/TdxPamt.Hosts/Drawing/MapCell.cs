namespace TdxPamt.Hosts.Drawing;

/// <summary>A stretch of addresses of one node that is drawn as one piece: nothing begins or ends in it, unless it
/// stands for many small things.</summary>
internal sealed class MapCell(AddressRange range, int node)
{
    /// <summary>From which size on a stretch is shown as folded, in bytes.</summary>
    private const ulong FoldedBytes = 1UL << 30;

    private const double MinWidth = 13;
    private const double WidthPerDoubling = 1.6;
    private const double GapWidth = 56;
    private const double SummaryWidth = 66;

    internal AddressRange Range { get; set; } = range;

    internal int Node { get; } = node;

    /// <summary>Whether nothing of the node is there.</summary>
    internal bool IsGap { get; init; }

    /// <summary>How many stretches it stands for.</summary>
    internal int Parts { get; set; } = 1;

    /// <summary>What begins and ends in it without being drawn.</summary>
    internal List<MapItem> Hidden { get; } = [];

    internal bool IsSummary => Parts > 1;

    internal bool IsFolded => !IsGap && !IsSummary && Range.Size >= FoldedBytes;

    internal MapRow? Row { get; set; }

    internal double X { get; set; }

    internal double Width { get; set; }

    internal double Right => X + Width;

    /// <summary>The width before a row is filled: it grows with the logarithm of the size, so that a page can be seen
    /// beside a terabyte.</summary>
    internal double NaturalWidth => IsGap ? GapWidth
        : IsSummary ? SummaryWidth
        : MinWidth + (WidthPerDoubling * Doublings(Range.Pages));

    /// <summary>The logarithm to base 2, linear between powers of two: the same on any machine.</summary>
    private static double Doublings(ulong pages)
    {
        int whole = 0;
        while (pages >> (whole + 1) > 0)
            whole++;
        return whole + ((double)pages / (1UL << whole)) - 1;
    }
}
