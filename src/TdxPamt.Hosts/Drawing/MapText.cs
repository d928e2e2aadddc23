using System.Globalization;

namespace TdxPamt.Hosts.Drawing;

/// <summary>Sizes as a map writes them, and how wide text comes out.</summary>
internal static class MapText
{
    /// <summary>The size of all small text, in pixels.</summary>
    internal const double FontSize = 10;

    private const double EmPerCharacter = 0.61;

    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>A size in the largest unit that it is a whole number of.</summary>
    internal static string Exact(ulong bytes)
    {
        int unit = 0;
        for (; unit < Units.Length - 1 && bytes % 1024 == 0 && bytes > 0; unit++)
            bytes /= 1024;
        return FormattableString.Invariant($"{bytes} {Units[unit]}");
    }

    /// <summary>A size in three or four digits.</summary>
    internal static string Short(ulong bytes)
    {
        int unit = 0;
        decimal size = bytes;
        for (; unit < Units.Length - 1 && size >= 1024; unit++)
            size /= 1024;
        string digits = size.ToString(size >= 100 ? "0" : size >= 10 ? "0.#" : "0.##", CultureInfo.InvariantCulture);
        return $"{digits} {Units[unit]}";
    }

    /// <summary>What to write on a stretch of a size: <c>776 KiB</c> or, in little room, <c>776K</c>.</summary>
    internal static string[] Sizes(ulong bytes)
    {
        string[] parts = Short(bytes).Split(' ');
        return [$"{parts[0]} {parts[1]}", parts[0] + parts[1][0]];
    }

    /// <summary>A number of things: <c>1 hole</c>, <c>37 holes</c>.</summary>
    internal static string Count(int count, string one, string? many = null) =>
        FormattableString.Invariant($"{count} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>About how wide a text is; fonts differ, so rather too much.</summary>
    internal static double Width(string text, double fontSize = FontSize) => EmPerCharacter * fontSize * text.Length;
}
