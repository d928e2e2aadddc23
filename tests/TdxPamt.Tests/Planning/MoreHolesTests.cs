using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class MoreHolesTests
{
    /// <summary>The largest stretch of RAM first, then GiBs with RAM, the fullest first, then a boundary.</summary>
    [Theory]
    [InlineData(1, "4G..6G", "", "5G+4K..5G+8K; 4G+512M..4G+512M+4K; 5G+512M..5G+512M+4K; 5G..5G+4K")]
    [InlineData(
        3,
        "4G..6G",
        "",
        "4G+512M..4G+512M+4K, 5G+4K..5G+8K, 5G+512M..5G+512M+4K; "
        + "4G+256M..4G+256M+4K, 4G+512M..4G+512M+4K, 4G+768M..4G+768M+4K; "
        + "5G+256M..5G+256M+4K, 5G+512M..5G+512M+4K, 5G+768M..5G+768M+4K; "
        + "0x12aaaa000..0x12aaab000, 5G..5G+4K, 0x155554000..0x155555000")]
    [InlineData(
        1,
        "4G..5G+512M, 5G+514M..6G",
        "hole 1G+512M..1G+514M, pamt 256M..512M",
        "5G+4K..5G+8K; 4G+768M..4G+768M+4K; 5G+256M..5G+256M+4K; 5G+769M..5G+769M+4K; 4G+128M..4G+128M+4K; 5G..5G+4K")]
    [InlineData(1, "4G+512M..5G+512M-8K", "", "5G-8K..5G-4K; 4G+768M..4G+768M+4K; 5G+256M-4K..5G+256M; 5G..5G+4K")]
    [InlineData(5, "4G..4G+28K", "", "4G+12K..4G+16K; 4G+12K..4G+16K")]
    [InlineData(1, "4G..4G+12K", "", "; ")]
    [InlineData(1, "5G-4M..5G+8K", "", "5G-2M+4K..5G-2M+8K; 5G-2M..5G-2M+4K; ; 5G..5G+4K")]
    [InlineData(1, "5G-4M..5G+4K", "", "5G-2M..5G-2M+4K; 5G-2M..5G-2M+4K; ")]
    public void holes_come_to_lie_in_each_kind_of_place(int count, string memory, string areas, string placed) =>
        string.Join("; ", Holes(memory, areas).Placed(count).Select(static holes => string.Join(", ", holes)))
            .Should().Be(string.Join("; ", placed.Split("; ").Select(static part =>
                string.Join(", ", Machine.Ranges(part)))));

    [Fact]
    public void holes_are_put_into_no_more_than_eight_gib() =>
        Holes(string.Join(", ", Enumerable.Range(4, 12).Select(static i => $"{i}G..{i}G+512M")), "")
            .Placed(1).Should().HaveCount(9);

    [Theory]
    [InlineData("0..4K", "1G..2G")]
    [InlineData("1G-4K..4P", "1G..2G")]
    [InlineData("1G..4P", "2G..3G")]
    [InlineData("1G+4K..4P", "2G..3G")]
    public void the_next_boundary_of_a_gib_is_above_an_address(string range, string giB) =>
        MoreHoles.NextBoundary(Machine.Range(range).Start).Should().Be(Machine.Range(giB).Start);

    private static MoreHoles Holes(string memory, string areas)
    {
        AddressRange tdmr = Machine.Range("4G..20G");
        return new(Machine.Of(memory), new TdmrUsage(
            index: 0,
            tdmr,
            new([.. Machine.Areas(areas).Select(area =>
            {
                AddressRange range =
                    AddressRange.Create(tdmr.Start + area.Offset, tdmr.Start + area.Offset + area.Size);
                return new AreaUse(range, range, area.Source, PamtsOf: null);
            })]),
            allowed: 16));
    }
}
