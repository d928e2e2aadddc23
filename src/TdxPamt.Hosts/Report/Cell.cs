using TdxPamt.Hosts.Drawing;

namespace TdxPamt.Hosts.Report;

/// <summary>A cell of a table.</summary>
/// <param name="Text">What it shows.</param>
/// <param name="Key">What it is sorted by; null: its text, or last among cells with keys.</param>
/// <param name="Class">How it looks; null: as text.</param>
/// <param name="Link">The part of the page it leads to; null: none.</param>
internal readonly record struct Cell(string Text, double? Key = null, string? Class = null, string? Link = null)
{
    public static implicit operator Cell(string text) => new(text);

    /// <summary>Nothing to say here.</summary>
    internal static Cell None { get; } = new("–");

    /// <summary>No number, among numbers.</summary>
    internal static Cell NoNumber { get; } = new("–", Class: "number");

    /// <summary>A word that does not break.</summary>
    internal static Cell Name(string name) => new(name, Class: "name");

    internal static Cell Number(double number) => new(ReportText.Number(number), number, "number");

    internal static Cell Bytes(ulong bytes) => new(MapText.Exact(bytes), bytes, "number");

    internal static Cell Percent(double share) => new(ReportText.Percent(share), share, "number");

    internal static Cell Address(ulong address) => new($"0x{address:x}", address, "range");

    internal static Cell Of(AddressRange range) => new(range.ToString(), range.Start, "range");
}
