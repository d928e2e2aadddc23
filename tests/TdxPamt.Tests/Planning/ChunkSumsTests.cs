using CsCheck;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class ChunkSumsTests
{
    private static readonly Gen<(int Tdmrs, int Entry2M, int Entry1G, int Placed, int MaxPages)> Requests =
        Gen.Select(
            Gen.Int[1, 4],
            Gen.Int[1, 60],
            Gen.Int[1, 20_000],
            Gen.Int[0, 7],
            Gen.Bool.Select(static largest => largest ? 64 : 70));

    [Fact]
    public void chunks_are_found_for_every_sum_of_some_and_for_no_other() => Requests.Hold(300, static sample =>
    {
        AddressRange[] tdmrs =
        [
            .. Enumerable.Range(0, sample.Tdmrs).Select(static i => AddressRange.Create(
                (ulong)i << 33, ((ulong)i << 33) + ((1UL + ((ulong)i / 2)) << 30))),
        ];
        ModuleParameters module = new() { PamtEntrySizes = new(1, sample.Entry2M, sample.Entry1G) };
        int maxPages = sample.MaxPages;
        for (int pages = 0; pages <= maxPages + 1; pages++)
        {
            List<PamtRequest> requests = PamtRequest.Create(
                Array.ConvertAll(tdmrs, tdmr => new UnplacedTdmr(tdmr, 0, PamtSizes.Calculate(tdmr.Size, module))),
                PlanStrategies.ThreeChunks);
            for (int i = 0; i < requests.Count; i++)
            {
                if (i % 8 == sample.Placed)
                    requests[i].PlaceAt(1 << 30);
            }

            ulong[] open =
            [
                .. requests.Where(static request => request.Chunk.Size == 0)
                    .Select(static request => request.Bytes / 4096),
            ];
            bool reachable = pages > 0 && pages <= maxPages
                && Enumerable.Range(1, (1 << open.Length) - 1).Any(subset => (ulong)pages == open
                    .Where((_, i) => (subset & (1 << i)) != 0).Aggregate(0UL, static (sum, size) => sum + size));

            List<PamtRequest> found = new ChunkSums(requests, maxPages).Find((ulong)pages * 4096);

            found.Should().OnlyHaveUniqueItems();
            found.TrueForAll(request => request.Chunk.Size == 0 && requests.Contains(request)).Should().BeTrue();
            found.Aggregate(0UL, static (sum, request) => sum + (request.Bytes / 4096))
                .Should().Be(reachable ? (ulong)pages : 0);
        }
    }, least: 8);

    [Fact]
    public void of_several_sums_the_one_with_the_largest_chunks_is_taken()
    {
        // Chunks of 64, 2 and 1 pages for each of three TDMRs.
        List<PamtRequest> requests = PamtRequest.Create(
            [.. Enumerable.Range(0, 3).Select(static i => new UnplacedTdmr(
                AddressRange.Create((ulong)i << 30, (ulong)(i + 1) << 30),
                0,
                PamtSizes.Calculate(1 << 30, new() { PamtEntrySizes = new(1, 16, 16) })))],
            PlanStrategies.ThreeChunks);
        Of(2).Should().Equal(2);
        Of(4).Should().Equal(2, 2);
        Of(8).Should().Equal(1, 1, 2, 2, 2);
        Of(64).Should().Equal(64);
        Of(133).Should().Equal(1, 2, 2, 64, 64);

        IEnumerable<ulong> Of(ulong pages) => new ChunkSums(requests, 200).Find(pages << 12)
            .Select(static request => request.Bytes >> 12).Order();
    }
}
