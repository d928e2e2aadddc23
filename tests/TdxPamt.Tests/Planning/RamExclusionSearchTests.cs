using CsCheck;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class RamExclusionSearchTests
{
    private const int Iterations = 400;
    private const int Least = 150;
    private const ulong HalfGiB = 1UL << 29;

    /// <summary>Machines of half GiBs: more than one choice excludes as little.</summary>
    private static readonly Gen<(HostMemory, ModuleParameters)> Regular = Gen.Select(
        Gen.Int[1, (1 << 16) - 1],
        Gen.Int[1, 4],
        Gen.Int[0, 3],
        static (memory, tdmrs, areas) => (
            HostMemory.Create(
                Enumerable.Range(0, 16).Where(i => (memory & (1 << i)) != 0).Select(static i => new MemoryRegion(
                    AddressRange.Create(HalfGiB * (ulong)(4 + i), HalfGiB * (ulong)(5 + i)), 0))),
            new ModuleParameters { MaxTdmrs = tdmrs, MaxReservedAreas = areas }));

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, true)]
    public void there_is_no_choice_that_excludes_less(bool manyTdmrs, bool split, bool join) =>
        new SmallHosts(manyTdmrs).Hold(Iterations, sample => Check(sample.Host, sample.Module, split, join), Least);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void of_choices_that_exclude_as_little_it_is_the_one_with_fewest_pages(bool split, bool join) =>
        Regular.Hold(Iterations, sample => Check(sample.Item1, sample.Item2, split, join), Least);

    [Theory]
    [InlineData(true, 24_251)]
    [InlineData(false, 515)]
    public void of_many_tdmrs_few_are_looked_at(bool join, int max)
    {
        ReducedHost host = new(ManyHoles.Of(17), new ModuleParameters { MaxTdmrs = 60 }, []);
        RamExclusionUnits units = new(host, host.Holes(fromCmrs: false, merged: false), split: true);
        new RamExclusionSearch(units, join).Candidates().Sum(static from => from.Length)
            .Should().BeLessThanOrEqualTo(max);
    }

    [Fact]
    public void where_pamts_find_no_room_the_upper_half_of_the_tdmrs_ram_goes()
    {
        ReducedHost host = new(Machine.Of("4G..5G, 7G..8G"), ModuleParameters.Default, []);
        RamExclusion.Cheapest(host, null, TdmrFailures.NoPages(0, Machine.Range("4G..8G"), 1), PlanStrategies.None, [])
            .Should().Equal(Machine.Ranges("5G..8G"));
        RamExclusion.Cheapest(host, null, TdmrFailures.NoPages(0, Machine.Range("7G..8G"), 1), PlanStrategies.None, [])
            .Should().Equal(Machine.Ranges("7G..8G"));
    }

    private static void Check(HostMemory memory, ModuleParameters module, bool split, bool join)
    {
        ReducedHost host = new(memory, module, []);
        AddressRange[] tdmrs = host.KernelTdmrs;
        AddressRange[] units = split ? PartitionUnits.Create(tdmrs, []) : tdmrs;
        (ulong excluded, _, _, HashSet<string> choices) =
            new RamExclusionModel(memory, units, tdmrs, join).Best(module);

        List<AddressRange> found =
            new RamExclusionSearch(new(host, host.Holes(fromCmrs: false, merged: false), split), join)
                .Run(new SearchSteps());

        found.Aggregate(0UL, (sum, range) => sum + host.RamBytes(range)).Should().Be(excluded);
        choices.Should().Contain(string.Join(", ", found));
    }
}
