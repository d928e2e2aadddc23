using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using TdxPamt.Hosts;
using TdxPamt.Hosts.Drawing;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Support;

/// <summary>A memory map as it was drawn, and what has to be true of it whatever the plan.</summary>
internal sealed class DrawnMap
{
    private readonly HostPlan _plan;
    private readonly XElement[] _items;

    public DrawnMap(HostPlan plan)
    {
        _plan = plan;
        Bytes = Draw(plan);
        using MemoryStream stream = new(Bytes);
        Root = XDocument.Load(stream).Root!;
        _items = [.. Root.Descendants().Where(static element => element.Attribute("data-range") is not null)];
    }

    public byte[] Bytes { get; }

    public XElement Root { get; }

    /// <summary>The elements of a class, such as tdmr.</summary>
    public IEnumerable<XElement> Of(string name) =>
        _items.Where(item => item.Attribute("class")!.Value.Split(' ').Contains(name, StringComparer.Ordinal));

    public static byte[] Draw(HostPlan plan)
    {
        using MemoryStream stream = new();
        MemoryMap.Write(plan, stream, everyNode: true);
        return stream.ToArray();
    }

    public void ShouldBeSound()
    {
        Root.Name.LocalName.Should().Be("svg");
        Root.DescendantsAndSelf().Select(static element => element.Name.LocalName).Should().NotContain("script");
        string[] ids = [.. Root.Descendants().Attributes("id").Select(static id => id.Value)];
        ids.Should().OnlyHaveUniqueItems();
        ids.Should().OnlyContain(static id => id.StartsWith("map-", StringComparison.Ordinal));
        foreach (XAttribute fill in Root.Descendants().Attributes("fill"))
            ids.Should().Contain(fill.Value["url(#".Length..^1]);
        ShouldShowEverythingOnce();
        ShouldStayOnThePage();
        ShouldNotWriteOverOtherText();
    }

    private void ShouldShowEverythingOnce()
    {
        HostMemory host = _plan.Host.Memory;
        AddressRange[] tdmrs, pamts, areas;
        if (_plan.IsConstructed)
        {
            tdmrs = [.. _plan.Tdmrs.Select(static tdmr => tdmr.Range)];
            pamts = [.. _plan.Tdmrs.Select(static tdmr => tdmr.PamtChunk)];
            areas = [.. _plan.Tdmrs.SelectMany(AreasOf)];
        }
        else
        {
            LayoutExplanation explanation = LayoutExplanation.Create(host, _plan.Kernel, _plan.Module);
            AreaUse[] uses = [.. explanation.Tdmrs.SelectMany(static tdmr => tdmr.Areas)];
            tdmrs = [.. explanation.Tdmrs.Select(static tdmr => tdmr.Range)];
            pamts = [.. uses.Where(static use => use.PamtsOf is not null).Select(static use => use.Whole).Distinct()];
            areas = [.. uses.Select(static use => use.Range)];
        }

        AddressRange[] cmrs = [.. host.Cmrs];
        AddressRange[] ram = [.. host.Regions.Select(static region => region.Range)];
        ShouldShow("tdmr", "TDMRs?", tdmrs);
        ShouldShow("pamt", "chunks? of PAMTs", pamts);
        ShouldShow("area", "reserved areas?", areas);
        ShouldShow("cmr", "CMRs?", cmrs);
        ShouldShow("hole", "holes?", Gaps(ram, [.. tdmrs, .. cmrs, .. ram]));
        AddressRange[] drawnRam = [.. host.Regions.SelectMany(static region => CutAtOneMiB(region.Range))];
        ShouldShow("ram", "ranges? of RAM", drawnRam, "lowram");
    }

    private void ShouldShow(string name, string counted, AddressRange[] expected, string otherName = "")
    {
        string[] drawn = [.. Of(name).Concat(Of(otherName)).Select(static item => item.Attribute("data-range")!.Value)];
        drawn.Should().OnlyHaveUniqueItems("a {0} is drawn once", name);
        HashSet<string> ranges = [.. expected.Select(static range => range.ToString())];
        ranges.Should().HaveSameCount(expected);
        ranges.IsSupersetOf(drawn).Should().BeTrue("only what there is is drawn as {0}", name);
        int hidden = Of("summary").Sum(summary =>
        {
            Match match = Regex.Match(
                summary.Attribute("data-what")!.Value, $@"(?<=^|, )(\d+) {counted}(?=,|;|$)",
                RegexOptions.None, TimeSpan.FromSeconds(1));
            return match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        });
        (drawn.Length + hidden).Should().Be(expected.Length, "each {0} is drawn or counted", name);
    }

    private void ShouldStayOnThePage()
    {
        double[] page = [.. Root.Attribute("viewBox")!.Value.Split(' ').Select(Number)];
        foreach (XElement rectangle in Elements("rect"))
        {
            Value(rectangle, "width").Should().BePositive();
            Value(rectangle, "x").Should().BeGreaterThanOrEqualTo(0);
            Value(rectangle, "y").Should().BeGreaterThanOrEqualTo(0);
            (Value(rectangle, "x") + Value(rectangle, "width")).Should().BeLessThanOrEqualTo(page[2]);
            (Value(rectangle, "y") + Value(rectangle, "height")).Should().BeLessThanOrEqualTo(page[3]);
        }

        foreach ((double left, double top, double right, double bottom, string text) in Boxes())
        {
            left.Should().BeGreaterThanOrEqualTo(-1, text);
            top.Should().BeGreaterThanOrEqualTo(0, text);
            bottom.Should().BeLessThanOrEqualTo(page[3], text);
            right.Should().BeLessThanOrEqualTo(page[2] + 1, text);
        }
    }

    private void ShouldNotWriteOverOtherText()
    {
        (double Left, double Top, double Right, double Bottom, string Text)[] boxes =
            [.. Boxes().OrderBy(static box => box.Top)];
        for (int i = 0; i < boxes.Length; i++)
        {
            for (int j = i + 1; j < boxes.Length && boxes[j].Top < boxes[i].Bottom; j++)
            {
                if (boxes[i].Left < boxes[j].Right && boxes[j].Left < boxes[i].Right)
                    Assert.Fail($"\"{boxes[i].Text}\" and \"{boxes[j].Text}\" overlap");
            }
        }

        foreach (IGrouping<double, XElement> row in Slanted().GroupBy(static text => Value(text, "y")))
        {
            double[] edges = [.. row.Select(static text => Value(text, "x")).Order()];
            edges.Zip(edges.Skip(1), static (one, next) => next - one).Should().NotContain(static space => space < 12);
        }
    }

    /// <summary>Where level text is, about.</summary>
    private IEnumerable<(double Left, double Top, double Right, double Bottom, string Text)> Boxes()
    {
        foreach (XElement text in Elements("text").Except(Slanted()))
        {
            string[] classes = text.Attribute("class")?.Value.Split(' ') ?? [];
            double size = classes.Contains("head", StringComparer.Ordinal) ? 18
                : classes.Contains("line", StringComparer.Ordinal) ? 12
                : 10;
            double width = 0.6 * size * text.Value.Length;
            double left = Value(text, "x") - (classes.Contains("middle", StringComparer.Ordinal) ? width / 2
                : classes.Contains("end", StringComparer.Ordinal) ? width
                : 0);
            double baseline = Value(text, "y");
            yield return (left, baseline - (0.75 * size), left + width, baseline, text.Value);
        }
    }

    private IEnumerable<XElement> Slanted() =>
        Root.Descendants().Where(static element => element.Attribute("transform") is not null);

    /// <summary>The elements that are painted; patterns are not.</summary>
    private IEnumerable<XElement> Elements(string name) => Root.Elements()
        .Where(static element => element.Name.LocalName != "defs")
        .DescendantsAndSelf()
        .Where(element => element.Name.LocalName == name);

    private static IEnumerable<AddressRange> AreasOf(TdmrInfo tdmr) => tdmr.ReservedAreas.Select(
        area => AddressRange.Create(tdmr.Base + area.Offset, tdmr.Base + area.Offset + area.Size));

    private static IEnumerable<AddressRange> CutAtOneMiB(AddressRange range)
    {
        if (range.Start >= HostMemory.TdxMemoryStart || range.End <= HostMemory.TdxMemoryStart)
            return [range];
        return
        [
            AddressRange.Create(range.Start, HostMemory.TdxMemoryStart),
            AddressRange.Create(HostMemory.TdxMemoryStart, range.End),
        ];
    }

    /// <summary>What is in some ranges but not in the RAM, as the longest ranges there are.</summary>
    private static AddressRange[] Gaps(AddressRange[] ram, AddressRange[] ranges)
    {
        ulong[] edges = [.. ranges.SelectMany(static range => new[] { range.Start, range.End }).Distinct().Order()];
        List<AddressRange> gaps = [];
        foreach (AddressRange piece in edges.Zip(edges.Skip(1), AddressRange.Create))
        {
            if (!ranges.Any(range => range.Overlaps(piece)) || ram.Any(range => range.Overlaps(piece)))
                continue;
            if (gaps.Count > 0 && gaps[^1].End == piece.Start)
                gaps[^1] = AddressRange.Create(gaps[^1].Start, piece.End);
            else
                gaps.Add(piece);
        }

        return [.. gaps];
    }

    private static double Value(XElement element, string name) =>
        element.Attribute(name) is { } attribute ? Number(attribute.Value) : 0;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
