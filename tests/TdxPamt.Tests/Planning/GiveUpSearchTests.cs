using TdxPamt.Memory;
using TdxPamt.Planning;
using TdxPamt.Tests.Properties;

namespace TdxPamt.Tests.Planning;

public class GiveUpSearchTests
{
    private const int Iterations = 400;
    private const int Least = 40;

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, true)]
    public void there_is_no_way_to_give_up_less(bool manyTdmrs, bool split, bool join) =>
        new SmallHosts(manyTdmrs).Hold(Iterations, sample =>
        {
            PlanHost host = new(sample.Host, sample.Module, []);
            AddressRange[] cover = host.KernelCover;
            AddressRange[] units = split ? CoverUnits.Of(cover, []) : cover;
            var best = new GiveUpSearchModel(sample.Host, units, cover, join).Best(sample.Module);

            List<AddressRange> found =
                new GiveUpSearch(host, host.Holes(fromCmrs: false, merged: false), split, join).Cheapest();

            found.Aggregate(0UL, (lost, range) => lost + host.RamBytes(range)).Should().Be(best.Lost);
            best.LeftOut.Should().Contain(string.Join(", ", found));
        }, Least);
}
