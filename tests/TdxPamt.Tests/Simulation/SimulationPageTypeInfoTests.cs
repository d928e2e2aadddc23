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
        PageTypeInfo.Parse(Text).Should().Equal(
            new ZoneShare(0, MemoryZone.Dma, 3, 8),
            new ZoneShare(0, MemoryZone.Dma32, 2, 1023),
            new ZoneShare(0, MemoryZone.Normal, 100, 10000),
            new ZoneShare(1, MemoryZone.Normal, 1, 32));
        PageTypeInfo.Parse(Text)[2].Unmovable.Should().Be(0.01);
        string withReturns = Text.Replace("\n", "\r\n", StringComparison.Ordinal);
        PageTypeInfo.Parse(withReturns).Should().Equal(PageTypeInfo.Parse(Text));
    }

    [Fact]
    public void columns_are_those_of_the_header()
    {
        PageTypeInfo.Parse("Number of blocks type  Movable Unmovable\nNode 3, zone DMA32 7 1\n").Should()
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
