using TdxPamt.Hosts;
using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class SimulationPageTypeInfoTests
{
    private const string Text = """
        Page block order: 9
        Pages per block:  512

        Free pages count per migrate type at order       0      1      2      3      4      5      6      7      8
        Node    0, zone      DMA, type    Unmovable      0      0      0      0      0      0      0      0      1
        Node    0, zone   Normal, type      Movable >10000     13     11      4      2      0      1      1      0

        Number of blocks type     Unmovable      Movable  Reclaimable   HighAtomic          CMA      Isolate
        Node 0, zone      DMA            3            5            0            0            0            0
        Node 0, zone    DMA32            2         1000           20            1            0            0
        Node 0, zone   Normal          100         9000          900            0            0            0
        Node 1, zone   Normal            0            0            0            0            0            0
        Node 1, zone  Movable            1           31            0            0            0            0
        Node 1, zone   Device            7            0            0            0            0            0

        Number of mixed blocks    Unmovable      Movable  Reclaimable   HighAtomic          CMA      Isolate
        Node 0, zone      DMA            0            0            0            0            0            0
        """;

    [Fact]
    public void each_zone_has_its_share_of_unmovable_blocks()
    {
        PageTypeInfo.Parse(Text).Zones.Should().Equal(
            new ZoneShare(0, MemoryZone.Dma, 3, 8),
            new ZoneShare(0, MemoryZone.Dma32, 2, 1023),
            new ZoneShare(0, MemoryZone.Normal, 100, 10000),
            new ZoneShare(1, MemoryZone.Normal, 1, 32));
        PageTypeInfo.Parse(Text).Zones[2].Unmovable.Should().Be(0.01);
        string withReturns = Text.Replace("\n", "\r\n", StringComparison.Ordinal);
        PageTypeInfo.Parse(withReturns).Should().Be(PageTypeInfo.Parse(Text));
    }

    [Theory]
    [InlineData("21-pagetypeinfo-quoted.txt", false, "dma 1 of 8, normal 834 of 2431")]
    [InlineData("22-pagetypeinfo-two.txt", true, "normal 100 of 2431")]
    public void tables_as_people_post_them_are_read(string file, bool hasSeveralDumps, string zones)
    {
        PageTypeInfo table = PageTypeInfo.Parse(File.ReadAllText(Texts.PathOf("cases/" + file)), file);

        table.HasSeveralDumps.Should().Be(hasSeveralDumps);
        string.Join(", ", table.Zones.Select(static zone => FormattableString.Invariant(
            $"{zone.Zone.ToString().ToLowerInvariant()} {zone.UnmovablePageBlocks} of {zone.PageBlocks}")))
            .Should().Be(zones);
    }

    [Theory]
    [InlineData("> {}\n")]
    [InlineData("   {}\n")]
    [InlineData("{}\r\n")]
    [InlineData("\"{}\",\n")]
    [InlineData("{}<br>\n")]
    [InlineData("&gt; {}\n")]
    [InlineData("`{}`\n")]
    [InlineData("\u001b[0m{}\u001b[0m\n")]
    public void what_stands_around_a_line_does_not_matter(string form)
    {
        string text = string.Concat(
            Text.Split('\n').Select(line => form.Replace("{}", line, StringComparison.Ordinal)));

        PageTypeInfo.Parse(text).Should().Be(PageTypeInfo.Parse(Text));
    }

    [Theory]
    [InlineData("0..4G", 2048, true)]
    [InlineData("0..4G", 2047, false)]
    [InlineData("0..4G", 2049, false)]
    [InlineData("1M..4G", 2047, true)]
    [InlineData("1M..4G", 2048, true)]
    [InlineData("128M..129M", 64, true)]
    [InlineData("128M..129M", 65, false)]
    [InlineData("128M..129M", 0, true)]
    [InlineData("0..1M, 100M..101M, 130M..132M", 128, true)]
    [InlineData("0..1M, 100M..101M, 130M..132M", 129, false)]
    public void a_table_that_cannot_be_the_hosts_is_told(string memory, int blocks, bool fits) =>
        PageTypeInfo.Parse($"Number of blocks type Unmovable\nNode 0, zone DMA32 {blocks}")
            .FindMismatches(Machine.Of(memory)).Should().HaveCount(fits ? 0 : 1);

    [Fact]
    public void nodes_that_only_one_of_them_has_are_told() =>
        PageTypeInfo.Parse("Number of blocks type Unmovable\nNode 2, zone Normal 512")
            .FindMismatches(Machine.Of("4G..5G@1")).Should().Equal(
                "node 1 has 0 page blocks in pagetypeinfo and 512 on the host: the table may be another machine's",
                "node 2 has 512 page blocks in pagetypeinfo and 0 on the host: the table may be another machine's");

    [Fact]
    public void there_is_no_mismatch_without_a_host() =>
        FluentActions.Invoking(() => PageTypeInfo.Parse(Text).FindMismatches(null!))
            .Should().Throw<ArgumentNullException>().WithParameterName("host");

    [Fact]
    public void columns_are_those_of_the_header()
    {
        PageTypeInfo.Parse("Number of blocks type  Movable Unmovable\nNode 3, zone DMA32 7 1\n").Zones.Should()
            .Equal(new ZoneShare(3, MemoryZone.Dma32, 1, 8));
    }

    [Theory]
    [InlineData("", "f:1: there is no section \"Number of blocks type\"")]
    [InlineData("x\ny", "f:2: there is no section \"Number of blocks type\"")]
    [InlineData("Pages per block: 8192\nNumber of blocks type Movable", "f:1: page blocks of 8192 pages; x86 has 512")]
    [InlineData("\nNumber of blocks type Movable\n", "f:2: there is no column \"Unmovable\"")]
    [InlineData("Number of blocks type Unmovable", "f:1: no \"Node N, zone NAME\" with counts follows")]
    [InlineData("Number of blocks type Unmovable\n\n", "f:2: no \"Node N, zone NAME\" with counts follows")]
    [InlineData("Number of blocks type Unmovable\nNode x, zone D 1", "f:2: expected \"Node N, zone NAME\" and counts")]
    [InlineData("Number of blocks type Unmovable\nNode 0, zone", "f:2: expected \"Node N, zone NAME\" and counts")]
    [InlineData("Number of blocks type Unmovable\nNode 1024, zone DMA 1", "f:2: node 1024 is not from 0 to 1023")]
    [InlineData("Number of blocks type Unmovable\nNode 0, zone DMA", "f:2: 0 counts, for 1 columns")]
    [InlineData("Number of blocks type Unmovable\nNode 0, zone DMA 1 2", "f:2: 2 counts, for 1 columns")]
    [InlineData("Number of blocks type Unmovable\nNode 0, zone DMA -1", "f:2: \"-1\" is not a number of page blocks")]
    [InlineData("Number of blocks type Unmovable\nNode 0, zone HighMem 1", "f:2: \"HighMem\" is not a zone of x86")]
    [InlineData("Number of blocks type Unmovable\nNode 0, zone DMA 4294967295", "f:2: more page blocks than 2^31")]
    [InlineData(
        "Number of blocks type Unmovable\nNode 0, zone DMA 1\nNode 0, zone DMA 1", "f:3: node 0, zone DMA comes twice")]
    public void what_is_no_pagetypeinfo_is_refused_by_line(string text, string message) =>
        FluentActions.Invoking(() => PageTypeInfo.Parse(text, "f"))
            .Should().Throw<FormatException>().WithMessage(message);
}
