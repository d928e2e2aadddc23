namespace TdxPamt.Hosts.Drawing;

/// <summary>Labels of a map, and how wide they are.</summary>
internal static class MapText
{
    /// <summary>The size of all small text, in pixels.</summary>
    private const double FontSize = 10;

    private const double EmPerCharacter = 0.61;

    /// <summary>The labels of a size, longest first: <c>776 KiB</c>, <c>776K</c>.</summary>
    internal static string[] Sizes(ulong bytes)
    {
        string[] parts = Quantities.Size(bytes).Split(' ');
        return [$"{parts[0]} {parts[1]}", parts[0] + parts[1][0]];
    }

    /// <summary>About how wide a text is, in pixels; fonts differ, so this is an upper estimate.</summary>
    internal static double Width(string text) => EmPerCharacter * FontSize * text.Length;
}
