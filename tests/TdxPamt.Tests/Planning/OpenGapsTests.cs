using CsCheck;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class OpenGapsTests
{
    private static readonly Gen<(int MaxAreas, ulong[] Gaps)> Any =
        Gen.Select(Gen.Int[0, 40], Gen.ULong[0, 30].Array[0, 60]);

    [Fact]
    public void all_gaps_are_closed_but_the_largest_one_fewer_than_areas() => Any.Hold(500, static sample =>
    {
        OpenGaps gaps = new(sample.MaxAreas);
        for (int added = 0; added <= sample.Gaps.Length; added++)
        {
            IEnumerable<ulong> closed =
                sample.Gaps.Take(added).OrderDescending().Skip(Math.Max(0, sample.MaxAreas - 1));
            gaps.ClosedBytes.Should().Be(closed.Aggregate(0UL, static (sum, gap) => sum + gap));
            if (added < sample.Gaps.Length)
                gaps.Add(sample.Gaps[added]);
        }
    }, least: 30);
}
