using System.Globalization;
using System.Text;
using System.Xml;

namespace TdxPamt.Hosts.Drawing;

/// <summary>Writes the elements, numbers and names of drawings.</summary>
internal static class Svg
{
    internal const string Namespace = "http://www.w3.org/2000/svg";

    /// <summary>The colour of a chart's text and axes.</summary>
    internal const string Ink = "#333333";

    private const int MaxNameLength = 60;

    /// <summary>A writer of a document of its own, which leaves the stream open.</summary>
    internal static XmlWriter Document(Stream output) => XmlWriter.Create(output, new XmlWriterSettings
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        NewLineChars = "\n",
    });

    internal static void Start(XmlWriter writer, string name, params (string Name, string Value)[] attributes)
    {
        writer.WriteStartElement(name, Namespace);
        foreach ((string attribute, string value) in attributes)
            writer.WriteAttributeString(attribute, value);
    }

    internal static void Element(XmlWriter writer, string name, params (string Name, string Value)[] attributes)
    {
        Start(writer, name, attributes);
        writer.WriteEndElement();
    }

    internal static void Text(
        XmlWriter writer, double x, double y, string text, params (string Name, string Value)[] attributes)
    {
        Start(writer, "text", [("x", Number(x)), ("y", Number(y)), .. attributes]);
        writer.WriteString(text);
        writer.WriteEndElement();
    }

    /// <summary>Text of a chart.</summary>
    internal static void InkText(
        XmlWriter writer, double x, double y, string text, params (string Name, string Value)[] attributes) =>
        Text(writer, x, y, text, [("fill", Ink), .. attributes]);

    internal static void Line(
        XmlWriter writer, double x1, double y1, double x2, double y2, params (string Name, string Value)[] attributes)
    {
        (string, string)[] ends = [("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2))];
        Element(writer, "line", [.. ends, .. attributes]);
    }

    /// <summary>The start of a host's name.</summary>
    internal static string ShortName(string name) => PrintableText.Create(name, MaxNameLength);

    internal static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
