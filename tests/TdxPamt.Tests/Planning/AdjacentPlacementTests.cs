using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class AdjacentPlacementTests
{
    [Fact]
    public void a_hole_beyond_the_tdmr_is_none_to_touch()
    {
        // The CMR goes on where RAM and TDMR have ended; its hole lies above.
        PlanHost host = new(
            Machine.Of("4G..4G+512M, 6G..7G", "4G..5G+512M, 6G..7G"), ModuleParameters.Default, []);
        AddressRange[] cover = Machine.Ranges("4G..5G");
        AddressRange[] holes = host.Holes(fromCmrs: true, merged: true);
        List<PamtRequest> requests = PamtRequest.For(cover, [0], PlanStrategies.None, ModuleParameters.Default);
        AdjacentPlacement placement = new(host, cover, holes, limit: 16, merge: true);

        placement.Place(requests).Should().BeNull();

        ValueList<ReservedArea>[] areas = AreaLayout.Of(host, cover, holes, [requests[0].Chunk], merge: true);
        placement.Areas[0].Should().Be(areas[0].Count);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void areas_are_never_counted_too_low_and_rightly_on_one_node(bool fromCmrs, bool merge) =>
        new SmallHosts(manyTdmrs: false).Hold(2000, sample =>
        {
            PlanHost host = new(sample.Host, sample.Module, []);
            AddressRange[] cover = host.KernelCover;
            if (cover.Length == 0 || (fromCmrs && sample.Host.Cmrs.Count == 0))
                return;
            AddressRange[] holes = host.Holes(fromCmrs, merge);
            int[] nodes =
                [.. cover.Select(tdmr => sample.Host.TdxMemoryBlocks.First(block => block.Range.End > tdmr.Start).Node)];
            List<PamtRequest> requests = PamtRequest.For(cover, nodes, PlanStrategies.ThreeChunks, sample.Module);
            AdjacentPlacement placement = new(host, cover, holes, sample.Module.MaxReservedAreas, merge);
            if (placement.Place(requests) is not null)
                return;
            AddressRange[] chunks = [.. requests.Select(static request => request.Chunk)];
            Array.Sort(chunks, AddressRange.Compare);
            int[] areas = [.. AreaLayout.Of(host, cover, holes, chunks, merge).Select(static areas => areas.Count)];
            for (int t = 0; t < areas.Length; t++)
                placement.Areas[t].Should().BeGreaterThanOrEqualTo(areas[t]);
            if (sample.Host.TdxMemoryBlocks.Select(static block => block.Node).Distinct().Count() == 1)
                placement.Areas.ToArray().Should().Equal(areas);
        }, least: 200);
}
