using System.Globalization;
using System.Text;
using System.Xml;

namespace TdxPamt.Hosts.Drawing;

/// <summary>What all drawings write alike: SVG elements, numbers and names.</summary>
internal static class Svg
{
    internal const string Namespace = "http://www.w3.org/2000/svg";

    private const int LongestName = 60;

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

    /// <summary>A host's name, shortened, and without what XML has no way to write.</summary>
    internal static string Name(string name) =>
        Printable(name.Length <= LongestName ? name : name[..LongestName] + "...");

    internal static string Printable(string text) =>
        new([.. text.Select(static character => XmlConvert.IsXmlChar(character) ? character : '?')]);

    internal static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
