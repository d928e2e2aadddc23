namespace TdxPamt.Hosts.Report;

/// <summary>A cell of a table.</summary>
/// <param name="Text">What it shows.</param>
/// <param name="Key">What it is sorted by; null sorts it by its text, or last among cells with keys.</param>
/// <param name="Class">The class of its style; null for plain text.</param>
/// <param name="Link">The id of the part of the page that it links to; null for no link.</param>
internal readonly record struct TableCell(string Text, double? Key = null, string? Class = null, string? Link = null)
{
    public static implicit operator TableCell(string text) => new(text);

    /// <summary>A cell where there is nothing to say.</summary>
    internal static TableCell None { get; } = new("–");

    /// <summary>An empty cell of a column of numbers.</summary>
    internal static TableCell NoNumber { get; } = new("–", Class: "number");

    /// <summary>A word that is not broken over lines.</summary>
    internal static TableCell Name(string name) => new(name, Class: "name");

    internal static TableCell Number(double number) => new(ReportText.Number(number), number, "number");

    internal static TableCell Node(int node, bool isKnown) =>
        isKnown ? Number(node) : new("not known", node, "name");

    internal static TableCell Bytes(ulong bytes) => new(Quantities.Size(bytes), bytes, "number");

    internal static TableCell Percent(double share) => new(Quantities.Percent(share), share, "number");

    internal static TableCell Address(ulong address) => new($"0x{address:x}", address, "range");

    internal static TableCell Of(AddressRange range) => new(range.ToString(), range.Start, "range");
}
