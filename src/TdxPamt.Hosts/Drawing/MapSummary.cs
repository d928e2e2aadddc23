namespace TdxPamt.Hosts.Drawing;

/// <summary>What a cell that stands for many things says of them.</summary>
internal static class MapSummary
{
    internal static int Count(MapCell cell, params MapKind[] kinds) =>
        cell.Hidden.Count(item => Array.IndexOf(kinds, item.Kind) >= 0);

    /// <summary>The numbers of all that is hidden: <c>37 holes, 36 ranges of RAM, 37 reserved areas</c>.</summary>
    internal static string Describe(MapCell cell)
    {
        (int Count, string One, string? Many)[] parts =
        [
            (Count(cell, MapKind.Hole), "hole", null),
            (Count(cell, MapKind.Ram, MapKind.LowRam), "range of RAM", "ranges of RAM"),
            (Count(cell, MapKind.Cmr), "CMR", null),
            (Count(cell, MapKind.Tdmr), "TDMR", null),
            (Count(cell, MapKind.Pamt), "chunk of PAMTs", "chunks of PAMTs"),
            (Count(cell, MapKind.ReservedHole, MapKind.ReservedPamt), "reserved area", null),
        ];
        IEnumerable<string> counts = parts
            .Where(static part => part.Count > 0)
            .Select(static part => Quantities.Count(part.Count, part.One, part.Many));
        string text = string.Join(", ", counts);
        int faults = cell.Hidden.Count(static item => item.IsFault);
        int toBlame = cell.Hidden.Count(static item => item.IsToBlame);
        return text + (faults == 0 ? "" : $"; it fails at {faults} of these")
            + (toBlame == 0 ? "" : $"; {toBlame} of these to blame");
    }
}
