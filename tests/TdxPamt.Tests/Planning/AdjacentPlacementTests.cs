using Microsoft.Extensions.Logging.Abstractions;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class AdjacentPlacementTests
{
    [Fact]
    public void a_hole_beyond_the_tdmr_does_not_count_as_adjacent()
    {
        // The CMR goes on where RAM and TDMR have ended; its hole lies above.
        ReducedHost host = new(
            Machine.Of("4G..4G+512M, 6G..7G", "4G..5G+512M, 6G..7G"), ModuleParameters.Default, []);
        AddressRange[] tdmrs = Machine.Ranges("4G..5G");
        AddressRange[] holes = host.Holes(fromCmrs: true, merged: true);
        UnplacedTdmr tdmr = UnplacedTdmr.Create(
            host.Memory, tdmrs[0], host.Module, FirstBlockNodeLookup.Instance, NullLogger.Instance);
        List<PamtRequest> requests = PamtRequest.Create([tdmr], PlanStrategies.None);
        AreaCounts counts = AreaCounts.Create(host, tdmrs, holes, merge: true);
        AdjacentPlacement placement = new(host, holes, counts, merge: true);

        placement.Place(requests).Should().BeNull();

        ValueList<ReservedArea>[] areas = AreaLayout.Create(host, tdmrs, holes, [requests[0].Chunk], merge: true);
        counts[0].Should().Be(areas[0].Count);
    }

    [Theory]
    // A page between two holes is what the PAMT for 1 GiB pages has.
    [InlineData(
        "4G..4G+512M, 4G+513M..4G+513M+4K, 4G+514M..5G", "",
        "4G+508M..4G+512M, 4G+508M-8K..4G+508M, 4G+513M..4G+513M+4K")]
    // So many areas that it fills two pages and then one.
    [InlineData(
        "4G..4G+512M, 4G+513M..4G+513M+4K, 4G+514M..4G+514M+8K, 4G+515M..5G", "",
        "4G+508M..4G+512M, 4G+514M..4G+514M+8K, 4G+513M..4G+513M+4K")]
    // A sum of both.
    [InlineData(
        "4G..4G+512M, 4G+513M..4G+513M+12K, 4G+514M..5G", "",
        "4G+508M..4G+512M, 4G+513M+4K..4G+513M+12K, 4G+513M..4G+513M+4K")]
    // Below, above or on both sides of the page RAM is in use.
    [InlineData(
        "4G..4G+512M, 4G+513M..5G", "4G+513M+4K..4G+514M",
        "4G+508M..4G+512M, 4G+508M-8K..4G+508M, 4G+508M-12K..4G+508M-8K")]
    [InlineData(
        "4G..4G+256M, 4G+257M..4G+512M, 4G+513M..5G", "4G+511M..4G+512M-4K",
        "4G+252M..4G+256M, 4G+252M-8K..4G+252M, 4G+252M-12K..4G+252M-8K")]
    [InlineData(
        "4G..4G+512M, 4G+513M..5G", "4G+600M..4G+601M, 4G+601M+4K..4G+602M",
        "4G+508M..4G+512M, 4G+508M-8K..4G+508M, 4G+508M-12K..4G+508M-8K")]
    public void where_areas_are_too_many_a_gap_between_two_holes_is_filled_and_no_other(
        string memory, string blocked, string chunks)
    {
        ReducedHost host = new(Machine.Of(memory, blocked: blocked), new() { MaxReservedAreas = 0 }, []);
        AddressRange[] holes = host.Holes(fromCmrs: false, merged: true);
        List<PamtRequest> requests = PamtRequest.Create(
            [UnplacedTdmr.Create(
                host.Memory,
                host.KernelTdmrs[0],
                host.Module,
                FirstBlockNodeLookup.Instance,
                NullLogger.Instance)],
            PlanStrategies.ThreeChunks);
        AreaCounts counts = AreaCounts.Create(host, host.KernelTdmrs, holes, merge: true);

        new AdjacentPlacement(host, holes, counts, merge: true).Place(requests).Should().BeNull();

        requests.Select(static request => request.Chunk).Should().Equal(Machine.Ranges(chunks));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void areas_are_never_counted_too_low_and_rightly_on_one_node(bool fromCmrs, bool merge) =>
        new SmallHosts(manyTdmrs: false).Hold(2000, sample =>
        {
            ReducedHost host = new(sample.Host, sample.Module, []);
            AddressRange[] tdmrs = host.KernelTdmrs;
            if (tdmrs.Length == 0 || (fromCmrs && sample.Host.Cmrs.Count == 0))
                return;
            AddressRange[] holes = host.Holes(fromCmrs, merge);
            UnplacedTdmr[] unplaced = Array.ConvertAll(tdmrs, tdmr => UnplacedTdmr.Create(
                host.Memory, tdmr, sample.Module, FirstBlockNodeLookup.Instance, NullLogger.Instance));
            List<PamtRequest> requests = PamtRequest.Create(unplaced, PlanStrategies.ThreeChunks);
            AreaCounts counts = AreaCounts.Create(host, tdmrs, holes, merge);
            AdjacentPlacement placement = new(host, holes, counts, merge);
            if (placement.Place(requests) is not null)
                return;
            AddressRange[] chunks = [.. requests.Select(static request => request.Chunk)];
            Array.Sort(chunks, AddressRange.Compare);
            int[] areas = [.. AreaLayout.Create(host, tdmrs, holes, chunks, merge).Select(static areas => areas.Count)];
            for (int t = 0; t < areas.Length; t++)
                counts[t].Should().BeGreaterThanOrEqualTo(areas[t]);
            if (sample.Host.TdxMemoryBlocks.Select(static block => block.Node).Distinct().Count() == 1)
                areas.Select((_, t) => counts[t]).Should().Equal(areas);
        }, least: 200);
}
