using System.Xml;

namespace TdxPamt.Hosts.Drawing;

/// <summary>Writes the shapes of a map.</summary>
internal sealed class MapCanvas(XmlWriter writer, string prefix)
{
    /// <summary>How far text stays from the ends of what it is written on, in pixels.</summary>
    private const double Margin = 1.5;

    internal XmlWriter Writer => writer;

    /// <summary>Begins what stands for a range, and names it.</summary>
    internal void Begin(string classes, string what, AddressRange range, string? note = null)
    {
        Svg.Start(writer, "g", ("class", classes), ("data-what", what), ("data-range", range.ToString()));
        string title = $"{what} {range}, {Quantities.Size(range.Size)}{(note is null ? "" : $": {note}")}";
        writer.WriteElementString("title", Svg.Namespace, title);
    }

    internal void End() => writer.WriteEndElement();

    /// <summary>A rectangle, filled with a pattern where one is named.</summary>
    internal void Rect(double x, double y, double width, double height, string? pattern = null, string shape = "shape")
    {
        (string, string)[] fill = pattern is null ? [] : [("fill", $"url(#{prefix}-{pattern})")];
        Svg.Element(
            writer, "rect",
            [
                ("x", Svg.Number(x)), ("y", Svg.Number(y)),
                ("width", Svg.Number(width)), ("height", Svg.Number(height)), ("class", shape), .. fill,
            ]);
    }

    internal void Path(string path, string shape = "shape") =>
        Svg.Element(writer, "path", ("d", path), ("class", shape));

    internal void Text(double x, double y, string text, string classes) =>
        Svg.Text(writer, x, y, text, ("class", classes));

    /// <summary>Writes the first of some texts that fits, on a plain ground if it needs one.</summary>
    internal void Label(double x, double width, double baseline, bool hasGround, params string[] texts)
    {
        string? text = Array.Find(texts, text => MapText.Width(text) + (2 * Margin) <= width);
        if (text is null)
            return;
        double middle = x + (width / 2);
        if (hasGround)
        {
            double ground = MapText.Width(text) + 2;
            Rect(middle - (ground / 2), baseline - 8.5, ground, 10.5, pattern: null, "tag");
        }

        Text(middle, baseline, text, "middle");
    }

    /// <summary>A box without the sides where what it stands for goes on elsewhere.</summary>
    internal void Box(double x, double y, double right, double height, bool openLeft, bool openRight)
    {
        (string left, string end) = (Svg.Number(x), Svg.Number(right));
        (string top, string bottom) = (Svg.Number(y), Svg.Number(y + height));
        char rise = openLeft ? 'M' : 'L';
        char fall = openRight ? 'M' : 'L';
        Path($"M{left},{bottom} {rise}{left},{top} L{end},{top} {fall}{end},{bottom} L{left},{bottom}");
    }

    /// <summary>A bar with a cap at each end, unless what it stands for goes on there.</summary>
    internal void Bracket(double x, double y, double right, double height, bool openLeft, bool openRight)
    {
        string middle = Svg.Number(y + (height / 2));
        string cap = $",{Svg.Number(y)} v{Svg.Number(height)}";
        string path = $"M{Svg.Number(x)},{middle} L{Svg.Number(right)},{middle}";
        if (!openLeft)
            path += $" M{Svg.Number(x)}{cap}";
        if (!openRight)
            path += $" M{Svg.Number(right)}{cap}";
        Path(path);
    }

    /// <summary>The mark of a broken axis, 8 pixels wide: two slashes, and nothing between them.</summary>
    internal void Break(double x, double y, double height)
    {
        string start = $"M{Svg.Number(x)},{Svg.Number(y + height + 2)}";
        string rise = Svg.Number(height + 4);
        Path($"{start} l4,-{rise} h4 l-4,{rise} z", "tag");
        Path($"{start} l4,-{rise} m4,0 l-4,{rise}", "break");
    }
}
