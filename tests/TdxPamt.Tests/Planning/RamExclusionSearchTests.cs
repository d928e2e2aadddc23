using CsCheck;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class RamExclusionSearchTests
{
    private const int Iterations = 400;
    private const int Least = 150;
    private const ulong MiB = 1UL << 20;
    private const ulong HalfGiB = 1UL << 29;
    private const ulong GiB = 1UL << 30;

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

    /// <summary>Machines of 15 to 40 GiB with a hole in each.</summary>
    private static readonly Gen<(HostMemory, ModuleParameters)> Larger =
        from giBs in Gen.Int[1, 120].Array[15, 40]
        from tdmrs in Gen.Int[2, 12]
        from areas in Gen.Int[1, 4]
        select (
            HostMemory.Create(giBs.SelectMany(static (giB, i) => GiBWithHole(i, giB))),
            new ModuleParameters { MaxTdmrs = tdmrs, MaxReservedAreas = areas });

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

    /// <summary>Beyond a number of cells there is no table, but of TDMRs that are not joined the best still is to keep
    /// those with most RAM.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void of_a_thousand_tdmrs_and_more_those_with_least_ram_are_excluded(int giBEach)
    {
        const int MaxTdmrs = 1000;
        List<MemoryRegion> memory = [];
        List<(ulong Kept, AddressRange Tdmr)> tdmrs = [];
        for (int i = 0; i < 1100; i++)
        {
            ulong start = (ulong)(4 + (i * (giBEach + 1))) * GiB;
            AddressRange tdmr = AddressRange.Create(start, start + ((ulong)giBEach * GiB));
            // The hole makes the last GiB a unit of its own.
            ulong hole = tdmr.End - GiB + (2 * MiB);
            ulong holeEnd = hole + ((ulong)(1 + (i * 37 % 500 / 2)) * MiB);
            memory.Add(new(AddressRange.Create(start, hole), node: 0));
            memory.Add(new(AddressRange.Create(holeEnd, tdmr.End), node: 0));
            tdmrs.Add((hole - start + tdmr.End - holeEnd, tdmr));
        }

        ReducedHost host = new(HostMemory.Create(memory), new ModuleParameters { MaxTdmrs = MaxTdmrs }, []);
        RamExclusionUnits units = new(host, host.Holes(fromCmrs: false, merged: false), split: true);
        ((long)MaxTdmrs * units.Count).Should().BeGreaterThan(RamExclusionSearch.MaxCells);

        List<AddressRange> found = new RamExclusionSearch(units, join: false).Run(new SearchSteps());

        AddressRanges.MergeAdjacent([.. found]).Should().Equal(
            tdmrs.OrderBy(static tdmr => tdmr.Kept).ThenByDescending(static tdmr => tdmr.Tdmr.Start)
                .Take(tdmrs.Count - MaxTdmrs)
                .Select(static tdmr => tdmr.Tdmr)
                .OrderBy(static tdmr => tdmr.Start));
    }

    /// <summary>A pair of TDMRs becomes one where the RAM below the hole in its upper one is excluded. Where a
    /// multiplier gives the number of TDMRs, or a table is small enough, it is excluded in as many pairs as have to be
    /// joined, the cheapest; otherwise that many TDMRs are excluded, which is less RAM than to join all
    /// pairs would take.</summary>
    [Theory]
    [InlineData(550, 1000, 20, 28, 100, 20)]
    [InlineData(550, 953, 100, 100, 147, 100)]
    [InlineData(550, 953, 500, 500, 147, 1023)]
    [InlineData(55, 95, 500, 500, 15, 500)]
    public void of_pairs_of_tdmrs_as_many_are_joined_as_have_to_be(
        int pairs, int maxTdmrs, ulong cheapMiB, ulong otherMiB, int count, ulong excludedMiBEach)
    {
        List<MemoryRegion> memory = [];
        for (int pair = 0; pair < pairs; pair++)
        {
            ulong start = (ulong)(1 + pair) * 4 * GiB;
            ulong upper = start + (2 * GiB);
            ulong hole = upper + ((pair % 11 is 0 or 5 ? cheapMiB : otherMiB) * MiB);
            memory.Add(new(AddressRange.Create(start, start + GiB), node: 0));
            memory.Add(new(AddressRange.Create(upper, hole), node: 0));
            memory.Add(new(AddressRange.Create(hole + MiB, upper + GiB), node: 0));
        }

        ModuleParameters module = new() { MaxTdmrs = maxTdmrs, MaxReservedAreas = 1 };
        ReducedHost host = new(HostMemory.Create(memory), module, []);
        RamExclusionUnits units = new(host, host.Holes(fromCmrs: false, merged: false), split: false);
        units.Count.Should().Be(2 * pairs);

        List<AddressRange> found = new RamExclusionSearch(units, join: true).Run(new SearchSteps());

        found.Should().HaveCount(count);
        found.Should().OnlyContain(range => host.RamBytes(range) == excludedMiBEach * MiB);
    }

    [Fact]
    public void of_choices_that_are_as_good_the_lowest_tdmrs_are_the_shortest()
    {
        // Two of the three GiBs have to be one TDMR: the upper two, or the lower two, or the outer two without the
        // middle one, which is more RAM.
        ReducedHost host = new(
            Machine.Of(
                "4G..4G+256M, 4G+257M..4G+512M, 4G+513M..5G+256M, 5G+257M..5G+512M, 5G+513M..6G+256M, "
                + "6G+257M..6G+512M, 6G+513M..7G"),
            new ModuleParameters { MaxTdmrs = 2, MaxReservedAreas = 2 },
            []);
        host.MinExclusion(host.Holes(fromCmrs: false, merged: false), split: true, join: true)
            .Should().Equal(Machine.Ranges("5G+257M..5G+512M, 6G+257M..6G+512M"));
    }

    /// <summary>Against the recursion alone, without any bound or multiplier.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void on_larger_machines_no_choice_excludes_less_either(bool join) =>
        Larger.Hold(40, sample =>
        {
            ReducedHost host = new(sample.Item1, sample.Item2, []);
            RamExclusionUnits units = new(host, host.Holes(fromCmrs: false, merged: false), split: true);
            List<AddressRange> found = new RamExclusionSearch(units, join).Run(new SearchSteps());
            found.Aggregate(0UL, (sum, range) => sum + host.RamBytes(range))
                .Should().Be(LeastExcluded(host, units, join));
        }, 40);

    /// <summary>Of six GiBs with two holes each, and one at the end, those that exclude no more than a greedy choice:
    /// of 21 TDMRs, six of which are a GiB.</summary>
    [Theory]
    [InlineData(1, 1, 21)]
    [InlineData(1, 2, 20)]
    [InlineData(1, 7, 15)]
    [InlineData(2, 2, 20)]
    [InlineData(2, 3, 18)]
    [InlineData(2, 7, 6)]
    [InlineData(3, 2, 18)]
    [InlineData(3, 3, 15)]
    [InlineData(3, 7, 6)]
    [InlineData(5, 2, 15)]
    [InlineData(5, 3, 11)]
    [InlineData(6, 3, 15)]
    [InlineData(7, 1, 21)]
    [InlineData(7, 2, 15)]
    [InlineData(16, 7, 21)]
    public void tdmrs_that_exclude_more_than_a_greedy_choice_are_not_looked_at(int areas, int tdmrs, int candidates)
    {
        const string Holes = "GiB..GiB+8M-4K, GiB+8M..GiB+16M-4K";
        ReducedHost host = new(
            Machine.Of(string.Join(", ", Enumerable.Range(4, 6).Select(static i => Holes.Replace("GiB", $"{i}G")))),
            new ModuleParameters { MaxTdmrs = tdmrs, MaxReservedAreas = areas },
            []);
        RamExclusionUnits units = new(host, host.Holes(fromCmrs: false, merged: false), split: true);
        new RamExclusionSearch(units, join: true).Candidates().Sum(static from => from.Length).Should().Be(candidates);
    }

    [Theory]
    [InlineData(700, 700)]
    [InlineData(1000, (1 << 19) / 1000)]
    [InlineData(9000, 64)]
    public void the_more_units_there_are_the_shorter_are_the_longest_tdmrs(int count, int longest)
    {
        ReducedHost host = new(
            HostMemory.Create(Enumerable.Range(2, count).Select(static i =>
                new MemoryRegion(AddressRange.Create(2 * (ulong)i * GiB, ((2 * (ulong)i) + 1) * GiB), node: 0))),
            new ModuleParameters { MaxTdmrs = 1, MaxReservedAreas = 65_535 },
            []);
        RamExclusionUnits units = new(host, host.Holes(fromCmrs: false, merged: false), split: false);
        new RamExclusionSearch(units, join: true).Candidates().Max(static from => from.Length).Should().Be(longest);
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

    /// <summary>A GiB of memory with a hole whose place and size a number says; of some GiBs only a part.</summary>
    private static IEnumerable<MemoryRegion> GiBWithHole(int index, int number)
    {
        ulong start = (ulong)(4 + index) * GiB;
        ulong hole = start + ((ulong)(number * 8) * MiB);
        yield return new(AddressRange.Create(start, hole), node: 0);
        if (number % 4 != 0)
            yield return new(AddressRange.Create(hole + ((ulong)(number % 5 + 1) * MiB), start + GiB), node: 0);
    }

    /// <summary>The least RAM to exclude from each unit on, for one TDMR more each time.</summary>
    private static ulong LeastExcluded(ReducedHost host, RamExclusionUnits units, bool join)
    {
        ulong[] after = new ulong[units.Count + 1];
        for (int unit = units.Count - 1; unit >= 0; unit--)
            after[unit] = after[unit + 1] + units.Ram[unit];
        List<(int First, int End, ulong Closed)> all = [];
        for (int first = units.Count - 1; first >= 0; first--)
        {
            for (int end = first + 1; end <= units.Count; end++)
            {
                if (end > first + 1 && !join && units.StartsTdmr[end - 1])
                    break;
                ulong closed = 0;
                foreach (AddressRange gap in units.ClosedGaps(first, end))
                    closed += host.RamBytes(gap);
                all.Add((first, end, closed));
            }
        }

        for (int tdmrs = 1; tdmrs <= host.Module.MaxTdmrs; tdmrs++)
        {
            ulong[] row = [.. after];
            foreach ((int first, int end, ulong closed) in all)
                row[first] = Math.Min(row[first], Math.Min(row[first + 1] + units.Ram[first], closed + after[end]));
            after = row;
        }

        return after[0];
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
