using System.Xml;

namespace TdxPamt.Hosts.Report;

/// <summary>Writes HTML that is well-formed XML too.</summary>
internal sealed class HtmlWriter(XmlWriter xml)
{
    /// <summary>For drawings, which are XML within the page.</summary>
    internal XmlWriter Xml => xml;

    internal void Start(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name);
        foreach ((string attribute, string value) in attributes)
            xml.WriteAttributeString(attribute, PrintableText.Create(value));
    }

    /// <summary>Ends an element by an end tag: an empty one that ends itself would be open in HTML.</summary>
    internal void End() => xml.WriteFullEndElement();

    internal void Text(string text) => xml.WriteString(PrintableText.Create(text));

    internal void Element(string name, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        Text(text);
        End();
    }

    /// <summary>An element that has no content in HTML, and no end tag.</summary>
    internal void Void(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(name, attributes);
        xml.WriteEndElement();
    }

    /// <summary>A script or style sheet: HTML reads its text as it stands, XML as a CDATA section.</summary>
    /// <returns>The element's text, as a browser hashes it.</returns>
    internal static string Raw(string code) => $"/*<![CDATA[*/\n{code}/*]]>*/";

    internal void Code(string name, string raw)
    {
        Start(name);
        xml.WriteRaw(raw);
        End();
    }

    /// <summary>Starts a part of the page with its heading; ended by <see cref="End"/>.</summary>
    internal void Section(string id, string heading)
    {
        Start("section", ("id", id), ("aria-labelledby", $"{id}-heading"));
        Element("h2", heading, ("id", $"{id}-heading"));
    }

    /// <summary>A list of facts, each with its name.</summary>
    internal void Facts(IEnumerable<(string Name, string Value)> facts)
    {
        Start("dl", ("class", "facts"));
        foreach ((string name, string value) in facts)
        {
            Start("div");
            Element("dt", name);
            Element("dd", value);
            End();
        }

        End();
    }

    /// <summary>A list of terms and what they mean.</summary>
    internal void Terms(IEnumerable<(string Term, string Meaning)> terms)
    {
        Start("dl", ("class", "terms"));
        foreach ((string term, string meaning) in terms)
        {
            Element("dt", term);
            Element("dd", meaning);
        }

        End();
    }

    /// <summary>A table in a frame of its own that scrolls where the page is narrow.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="heads">The columns, the first of which names each row. Rows are in its order where it can
    /// be sorted.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="sortable">Whether a reader may sort it.</param>
    internal void Table(string caption, string[] heads, IEnumerable<TableCell[]> rows, bool sortable = false)
    {
        TableCell[][] all = [.. rows];
        Start("div", ("class", "frame"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption));
        Start("table", ("class", sortable ? "sortable" : "plain"));
        Element("caption", caption);
        Start("thead");
        Start("tr");
        for (int i = 0; i < heads.Length; i++)
        {
            Start("th", ("scope", "col"));
            if (all.Length > 0 && all[0][i].Class is { } kind)
                xml.WriteAttributeString("class", kind);
            if (sortable && i == 0)
                xml.WriteAttributeString("aria-sort", "ascending");
            Text(heads[i]);
            End();
        }

        End();
        End();
        Start("tbody");
        foreach (TableCell[] row in all)
        {
            Start("tr");
            for (int i = 0; i < row.Length; i++)
                Write(row[i], isHead: i == 0);
            End();
        }

        End();
        End();
        End();
    }

    private void Write(TableCell cell, bool isHead)
    {
        Start(isHead ? "th" : "td");
        if (isHead)
            xml.WriteAttributeString("scope", "row");
        if (cell.Class is { } kind)
            xml.WriteAttributeString("class", kind);
        if (cell.Key is { } key)
            xml.WriteAttributeString("data-key", ReportText.Number(key));
        if (cell.Link is { } part)
            Element("a", cell.Text, ("href", $"#{part}"));
        else
            Text(cell.Text);
        End();
    }
}
