using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class SimulationFragmentationTests
{
    private const ulong MiB = 1UL << 20;
    private const ulong GiB = 1UL << 30;
    private const int Blocks = 256 * 512;

    /// <summary>256 GiB of whole page blocks, without a hole.</summary>
    private static readonly HostMemory Host = HostMemory.Create([Region(4 * GiB, 260 * GiB, 0)]);

    [Theory]
    [InlineData(0.0001, 1)]
    [InlineData(0.01, 1)]
    [InlineData(0.5, 1)]
    [InlineData(0.97, 1)]
    [InlineData(0.01, 4)]
    [InlineData(0.3, 20)]
    [InlineData(0.9, 12)]
    [InlineData(0.2, 1.1)]
    public void the_fraction_lost_and_the_length_of_runs_are_those_asked_for(double unmovable, double meanRunLength)
    {
        const int trials = 10;
        Fragmentation fragmentation = Fragmentation.Uniform(unmovable, meanRunLength);
        double lost = 0;
        double runs = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            ValueList<BlockedRange> sample = fragmentation.Sample(Host, 7, trial);
            lost += sample.Sum(static run => (double)(run.Range.Size / (2 * MiB)));
            runs += sample.Count;
        }

        double run = Math.Max(meanRunLength, 1 / (1 - unmovable));
        double gap = run * (1 - unmovable) / unmovable;

        // The chain is a renewal process of runs and gaps; its variance a block, in the limit of many blocks.
        double perBlock = unmovable * (1 - unmovable) * ((2 / ((1 / run) + (1 / gap))) - 1);
        double blocks = (double)Blocks * trials;
        (lost / blocks).Should().BeApproximately(unmovable, 4.5 * Math.Sqrt(perBlock / blocks));
        (lost / runs).Should().BeApproximately(run, 4.5 * Math.Sqrt((run * (run - 1)) + 0.01) / Math.Sqrt(runs));
    }

    [Fact]
    public void independent_blocks_are_lost_side_by_side_as_often_as_chance_has_it()
    {
        bool[] lost = LostBlocks(Fragmentation.Uniform(0.3), Host, Blocks, 4 * GiB);

        for (int distance = 1; distance <= 4; distance++)
        {
            double together = Enumerable.Range(0, Blocks - distance).Count(i => lost[i] && lost[i + distance]);
            (together / Blocks).Should().BeApproximately(0.09, 4.5 * Math.Sqrt(0.09 * 0.91 * 2 / Blocks));
        }
    }

    [Fact]
    public void nothing_and_everything_can_be_lost()
    {
        Fragmentation.None.Sample(Host, 1).Should().BeEmpty();
        Fragmentation.Uniform(0, 50).Sample(Host, 1).Should().BeEmpty();
        Fragmentation.Uniform(1).Sample(Host, 1).Should().Equal(Lost(4 * GiB, 260 * GiB));
        Fragmentation.Uniform(1, 50).Sample(Host, 1).Should().Equal(Lost(4 * GiB, 260 * GiB));
    }

    [Fact]
    public void a_block_counts_once_and_only_with_ram_at_or_above_1_mib_in_it()
    {
        HostMemory host = HostMemory.Create(
        [
            Region(0x1000, 0x9f000, 0),
            Region(0x3ff000, 0x401000, 1),
            Region(0x402000, 0x403000, 0),
            Region(0x5ff000, 0x600000, 1),
            Region(0x800000, 0xa00000, 0),
        ]);

        Fragmentation.Uniform(1).Sample(host, 1).Should().Equal(Lost(0x200000, 0x600000), Lost(0x800000, 0xa00000));
        HostMemory low = HostMemory.Create([Region(0xff000, 0x101000, 0)]);
        Fragmentation.Uniform(1).Sample(low, 1).Should().Equal(Lost(0, 0x200000));
        Fragmentation.Uniform(1).Sample(HostMemory.Create([Region(0x1000, 0x9f000, 0)]), 1).Should().BeEmpty();
    }

    [Fact]
    public void the_same_seed_and_trial_lose_the_same_blocks()
    {
        Fragmentation fragmentation = Fragmentation.Uniform(0.01, 2);

        fragmentation.Sample(Host, 5, 3).Should().Equal(fragmentation.Sample(Host, 5, 3));
        fragmentation.Sample(Host, 5, 3).Should().NotEqual(fragmentation.Sample(Host, 5, 4));
        fragmentation.Sample(Host, 5, 3).Should().NotEqual(fragmentation.Sample(Host, 6, 3));
        fragmentation.Sample(Host, 5, 3).Should().NotEqual(fragmentation.Sample(Host, 4, 4));
    }

    [Fact]
    public void what_is_lost_is_whole_blocks_in_ascending_order()
    {
        HostMemory host = HostMemory.Create(
            Enumerable.Range(0, 200).Select(static i => Region(
                (1 + (ulong)i) * 37 * MiB, ((1 + (ulong)i) * 37 * MiB) + (((ulong)i % 29) * MiB) + 0x1000, i % 3)));
        ZoneShare[] shares =
        [
            new(0, MemoryZone.Dma32, 2, 10), new(0, MemoryZone.Normal, 5, 10),
            new(1, MemoryZone.Dma32, 4, 10), new(2, MemoryZone.Normal, 10, 10),
        ];

        foreach (Fragmentation kind in new[] { Fragmentation.Uniform(0.4, 3), Fragmentation.FromZones(shares, 2) })
        {
            ValueList<BlockedRange> sample = kind.Sample(host, 3);
            sample.Count.Should().BeGreaterThan(100);
            for (int i = 0; i < sample.Count; i++)
            {
                ((sample[i].Range.Start | sample[i].Range.End) % (2 * MiB)).Should().Be(0);
                if (i > 0)
                    sample[i].Range.Start.Should().BeGreaterThanOrEqualTo(sample[i - 1].Range.End);
            }
        }
    }

    [Fact]
    public void each_zone_loses_its_own_share()
    {
        HostMemory host = HostMemory.Create(
            [Region(MiB, 4 * GiB, 0), Region(4 * GiB, 68 * GiB, 0), Region(68 * GiB, 132 * GiB, 1)]);
        Fragmentation fragmentation = Fragmentation.FromZones(
        [
            new(0, MemoryZone.Dma, 8, 8),
            new(0, MemoryZone.Dma32, 0, 2040),
            new(0, MemoryZone.Normal, 1, 10),
            new(1, MemoryZone.Normal, 3, 10),
        ]);

        bool[] lost = LostBlocks(fragmentation, host, 132 * 512, 0);

        lost[..8].Should().AllBeEquivalentTo(true);
        lost[8..2048].Should().AllBeEquivalentTo(false);
        Share(lost[2048..(68 * 512)]).Should().BeApproximately(0.1, 4.5 * Math.Sqrt(0.09 / (64 * 512)));
        Share(lost[(68 * 512)..]).Should().BeApproximately(0.3, 4.5 * Math.Sqrt(0.21 / (64 * 512)));
    }

    [Fact]
    public void a_zone_without_a_share_of_its_own_takes_its_nodes()
    {
        HostMemory host = HostMemory.Create([Region(MiB, 8 * GiB, 0)]);
        ZoneShare[] shares = [new(0, MemoryZone.Dma, 0, 0), new(0, MemoryZone.Normal, 7, 7)];

        Fragmentation.FromZones(shares).Sample(host, 1).Should().Equal(Lost(0, 8 * GiB));
        Fragmentation.FromZones([new(0, MemoryZone.Normal, 0, 0)]).Sample(host, 1).Should().BeEmpty();
        ZoneShare[] low = [new(0, MemoryZone.Dma, 1, 4), new(0, MemoryZone.Dma32, 3, 8)];
        Fragmentation.FromZones(low).Sample(Host, 1)
            .Should().Equal(Fragmentation.FromZones([.. low, new(0, MemoryZone.Normal, 4, 12)]).Sample(Host, 1));
    }

    [Fact]
    public void shares_that_do_not_fit_are_refused()
    {
        ZoneShare[] shares = [new(0, MemoryZone.Normal, 1, 2)];
        HostMemory host = HostMemory.Create([Region(4 * GiB, 5 * GiB, 1)]);

        Fragmentation.FromZones(shares).Invoking(it => it.Sample(host, 1)).Should()
            .Throw<ArgumentException>().WithMessage("node 1 of the host has no share of unmovable blocks");
        FluentActions.Invoking(() => Fragmentation.FromZones([.. shares, .. shares]))
            .Should().Throw<ArgumentException>().WithMessage("zone Normal of node 0 comes twice*");
        foreach ((int node, int zone, long unmovable, long blocks, string message) in new[]
        {
            (0, 0, 3L, 2L, "unmovablePageBlocks must be from 0 to pageBlocks, 2*"),
            (0, 0, -1L, 2L, "unmovablePageBlocks must be from 0 to pageBlocks, 2*"),
            (0, 0, 0L, -1L, "pageBlocks must be from 0 to 2^31*"),
            (0, 0, 0L, (1L << 31) + 1, "pageBlocks must be from 0 to 2^31*"),
            (1024, 0, 0L, 0L, "node must be from 0 to 1023*"),
            (0, 3, 0L, 0L, "zone must be from 0 to 2*"),
        })
        {
            FluentActions.Invoking(() => new ZoneShare(node, (MemoryZone)zone, unmovable, blocks))
                .Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);
        }

        new ZoneShare(1023, MemoryZone.Normal, 1L << 31, 1L << 31).Unmovable.Should().Be(1);
        default(ZoneShare).Unmovable.Should().Be(0);
    }

    [Theory]
    [InlineData(-0.1, 1, "unmovable must be from 0 to 1*")]
    [InlineData(1.1, 1, "unmovable must be from 0 to 1*")]
    [InlineData(double.NaN, 1, "unmovable must be from 0 to 1*")]
    [InlineData(0.5, 0.9, "meanRunLength must be a number from 1 up*")]
    [InlineData(0.5, double.NaN, "meanRunLength must be a number from 1 up*")]
    [InlineData(0.5, double.PositiveInfinity, "meanRunLength must be a number from 1 up*")]
    public void numbers_outside_their_intervals_are_refused(double unmovable, double meanRunLength, string message) =>
        FluentActions.Invoking(() => Fragmentation.Uniform(unmovable, meanRunLength))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage(message);

    [Fact]
    public void the_longest_runs_there_can_be_asked_for_are_taken() =>
        Fragmentation.Uniform(0.5, double.MaxValue).MeanRunLength.Should().Be(double.MaxValue);

    // The first blocks that are lost, by number from 4 GiB on, as xoshiro256** and SplitMix64 in other hands give them.
    [Theory]
    [InlineData(0, 0, "10+2 40+3 373+2 399+2 459+4")]
    [InlineData(1, 0, "19+6 497+2 854+2 966+2 1097+1")]
    [InlineData(1, 1, "71+3 486+2 621+1 624+3 828+1")]
    [InlineData(ulong.MaxValue, int.MaxValue, "422+1 796+5 999+2 1299+1 1556+3")]
    public void what_a_seed_and_a_trial_lose_never_changes(ulong seed, int trial, string blocks) =>
        string.Join(' ', Fragmentation.Uniform(0.01, 2).Sample(Host, seed, trial).Take(5)
            .Select(static run => $"{(run.Range.Start - (4 * GiB)) / (2 * MiB)}+{run.Range.Size / (2 * MiB)}"))
            .Should().Be(blocks);

    [Fact]
    public void a_fragmentation_prints_its_numbers()
    {
        ZoneShare[] shares = [new(0, MemoryZone.Normal, 1, 2), new(1, MemoryZone.Normal, 1, 2)];

        Fragmentation.Uniform(0.25, 2.5).ToString().Should().Be("0.25 unmovable, runs of 2.5");
        Fragmentation.FromZones(shares).ToString().Should().Be("shares of 2 zones, runs of 1");
    }

    private static double Share(bool[] lost) => (double)lost.Count(static it => it) / lost.Length;

    private static bool[] LostBlocks(Fragmentation fragmentation, HostMemory host, int blocks, ulong from)
    {
        bool[] lost = new bool[blocks];
        foreach (BlockedRange run in fragmentation.Sample(host, 11))
        {
            for (ulong block = run.Range.Start; block < run.Range.End; block += 2 * MiB)
                lost[(block - from) / (2 * MiB)] = true;
        }

        return lost;
    }

    private static MemoryRegion Region(ulong start, ulong end, int node) => new(AddressRange.Create(start, end), node);

    private static BlockedRange Lost(ulong start, ulong end) =>
        new(AddressRange.Create(start, end), BlockedKind.Unmovable);
}
