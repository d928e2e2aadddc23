using TdxPamt.Hosts;
using TdxPamt.Simulation;

namespace TdxPamt.Tests.PublicSurface;

/// <summary>Values that no method makes are refused where a caller makes them, not where they are written.</summary>
public class ImpossibleValuesTests
{
    private static readonly HostMemory Memory =
        HostMemory.Create([new(AddressRange.Create(1 << 20, 1UL << 32), 0)]);

    private static readonly SimulationPoint Point = new(
        AllocatorPolicy.Linux,
        0.5,
        PamtSimulation.Create(Memory).Run(Fragmentation.None, new() { Trials = 1, Threads = 1 }));

    public static TheoryData<double> NoFractions { get; } =
        [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e308, -0.1, 1.1];

    [Theory]
    [MemberData(nameof(NoFractions))]
    public void a_simulation_point_has_a_fraction(double unmovable)
    {
        Action create = () => _ = new SimulationPoint(Point.Allocator, unmovable, Point.Result);
        Action change = () => _ = Point with { Unmovable = unmovable };
        create.Should().Throw<ArgumentOutOfRangeException>().WithMessage("Unmovable must be from 0 to 1*");
        change.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e308)]
    [InlineData(-1)]
    public void a_mean_run_is_a_number_of_bytes(double mean)
    {
        Action create = () => _ = new LargestRuns(0, mean, 0);
        create.Should().Throw<ArgumentOutOfRangeException>().WithMessage("MeanBytes must be from 0 to 2^52*");
    }

    [Fact]
    public void a_host_has_no_null()
    {
        HostDescription host = new("x", Memory);
        Action[] changes =
        [
            () => _ = host with { Name = null! },
            () => _ = host with { Memory = null! },
            () => _ = host with { Module = null! },
            () => _ = host with { Warnings = null! },
            () => _ = host with { Warnings = ["a", null!] },
        ];
        foreach (Action change in changes)
            change.Should().Throw<ArgumentNullException>();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(99)]
    public void a_blocked_range_has_one_of_the_kinds(int kind)
    {
        Action create = () => _ = new BlockedRange(AddressRange.Create(0, 4096), (BlockedKind)kind);
        create.Should().Throw<ArgumentOutOfRangeException>().WithMessage("kind must be from 0 to 2*");
    }

    [Fact]
    public void an_empty_blocked_range_blocks_nothing_and_is_not_written()
    {
        HostMemory host = HostMemory.Create(Memory.Regions, blocked: [default]);
        host.BlockedRanges.Should().BeEmpty();
    }
}
