using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class AreaLayoutTests
{
    private const string Tdmr = "4G..5G";

    private static readonly HostMemory Host =
        Machine.Of("4G..4G+1M, 4G+2M..4G+3M, 4G+8M..4G+16M, 4G+16M..5G@1, 5G+1M..6G");

    [Theory]
    // Holes alone: those with RAM between them stay apart.
    [InlineData("4G+1M..4G+2M, 4G+3M..4G+8M", "", "hole 1M..2M, hole 3M..8M", "hole 1M..2M, hole 3M..8M")]
    [InlineData("4G+3M..4G+4M, 4G+6M..4G+7M", "", "hole 3M..4M, hole 6M..7M", "hole 3M..7M")]
    // A PAMT between two holes, all of it or a part of it.
    [InlineData(
        "4G+1M..4G+2M, 4G+3M..4G+8M", "4G+2M..4G+3M", "hole 1M..2M, pamt 2M..3M, hole 3M..8M", "hole 1M..8M")]
    [InlineData(
        "4G+1M..4G+2M, 4G+3M..4G+8M", "4G+2M..4G+2M+4K", "hole 1M..2M, pamt 2M..2M+4K, hole 3M..8M",
        "hole 1M..2M+4K, hole 3M..8M")]
    [InlineData(
        "4G+1M..4G+2M, 4G+3M..4G+8M", "4G+3M-4K..4G+3M", "hole 1M..2M, pamt 3M-4K..3M, hole 3M..8M",
        "hole 1M..2M, hole 3M-4K..8M")]
    // No RAM between a hole and a PAMT.
    [InlineData("4G+3M..4G+4M", "4G+8M..4G+9M", "hole 3M..4M, pamt 8M..9M", "hole 3M..9M")]
    [InlineData("4G+3M..4G+4M", "4G+8M+4K..4G+9M", "hole 3M..4M, pamt 8M+4K..9M", "hole 3M..4M, pamt 8M+4K..9M")]
    // PAMTs side by side and apart.
    [InlineData("", "4G+9M..4G+10M, 4G+10M..4G+11M", "pamt 9M..10M, pamt 10M..11M", "pamt 9M..11M")]
    [InlineData(
        "", "4G+9M..4G+10M, 4G+10M+4K..4G+11M", "pamt 9M..10M, pamt 10M+4K..11M", "pamt 9M..10M, pamt 10M+4K..11M")]
    [InlineData("", "4G+15M..4G+16M, 4G+16M..4G+17M", "pamt 15M..16M, pamt 16M..17M", "pamt 15M..17M")]
    // A PAMT in what is taken for a hole, at its start, amid it and at its end.
    [InlineData("4G+8M..4G+12M", "4G+8M..4G+9M", "hole 8M..12M, pamt 8M..9M", "hole 8M..12M")]
    [InlineData("4G+8M..4G+12M", "4G+9M..4G+10M", "hole 8M..12M, pamt 9M..10M", "hole 8M..12M")]
    [InlineData("4G+8M..4G+12M", "4G+11M..4G+12M", "hole 8M..12M, pamt 11M..12M", "hole 8M..12M")]
    // What lies across the ends of the TDMR, or beyond them.
    [InlineData("3G..4G, 4G+8M..4G+9M, 5G..5G+1M", "", "hole 8M..9M", "hole 8M..9M")]
    [InlineData("3G..4G+4K, 5G-4K..5G+1M", "", "hole 0..4K, hole 1G-4K..1G", "hole 0..4K, hole 1G-4K..1G")]
    [InlineData(
        "", "3G..4G-4K, 4G-4K..4G+4K, 5G-8K..5G+4K, 5G+4K..5G+8K", "pamt 0..4K, pamt 1G-8K..1G",
        "pamt 0..4K, pamt 1G-8K..1G")]
    public void areas_are_holes_and_pamts_in_the_tdmr(string holes, string chunks, string apart, string merged)
    {
        ReducedHost host = new(Host, ModuleParameters.Default, []);
        Areas(host, Tdmr, holes, chunks, merge: false)[0].Should().Equal(Machine.Areas(apart));
        Areas(host, Tdmr, holes, chunks, merge: true)[0].Should().Equal(Machine.Areas(merged));
    }

    [Theory]
    [InlineData("4G+9M..4G+10M", "hole 8M..12M")]
    [InlineData("4G+8M..4G+12M", "hole 8M..12M")]
    [InlineData("4G+11M..4G+13M", "hole 8M..12M, pamt 11M..13M")]
    public void a_pamt_in_excluded_ram_is_covered_by_its_hole(string chunk, string areas)
    {
        ReducedHost host = new(Host, ModuleParameters.Default, Machine.Ranges("4G+8M..4G+12M"));
        Areas(host, Tdmr, "4G+8M..4G+12M", chunk, merge: false)[0].Should().Equal(Machine.Areas(areas));
    }

    [Fact]
    public void every_tdmr_has_its_part_of_what_lies_in_several()
    {
        ReducedHost host = new(Host, ModuleParameters.Default, []);
        ValueList<ReservedArea>[] areas = Areas(
            host,
            "4G..5G, 5G..6G, 7G..8G",
            "4G+1M..4G+2M, 5G-1M..5G+1M, 6G..7G+4K",
            "4G+8M..4G+9M, 5G+2M..5G+3M",
            merge: false);
        areas[0].Should().Equal(Machine.Areas("hole 1M..2M, pamt 8M..9M, hole 1G-1M..1G"));
        areas[1].Should().Equal(Machine.Areas("hole 0..1M, pamt 2M..3M"));
        areas[2].Should().Equal(Machine.Areas("hole 0..4K"));
    }

    private static ValueList<ReservedArea>[] Areas(
        ReducedHost host, string tdmrs, string holes, string chunks, bool merge) => AreaLayout.Create(
            host, Machine.Ranges(tdmrs), Machine.Ranges(holes), Machine.Ranges(chunks), merge);
}
