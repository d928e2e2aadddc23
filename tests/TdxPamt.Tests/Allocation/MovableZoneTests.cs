using TdxPamt.Hosts;

namespace TdxPamt.Tests.Allocation;

/// <summary>Memory from a node's movable start up holds no PAMTs; docs/model.md#zone-movable.</summary>
public class MovableZoneTests
{
    [Theory]
    [InlineData("4G..6G", 0x100000000, null)]
    [InlineData("4G..6G", 0x100004000, "4G")]
    [InlineData("4G..6G", 0x100003000, null)]
    [InlineData("1M..6G", 0x100000000, "16M")]
    [InlineData("1M..6G", 0x1000000, "1M")]
    [InlineData("1M..6G", 0x0, null)]
    public void a_zone_ends_where_zone_movable_starts(string memory, ulong movable, string? address)
    {
        HostMemory host = HostMemory.Create(Machine.Regions(memory), movable: [new(0, movable)]);

        ulong? expected = address is null ? null : Machine.Address(address);
        ulong? answer = new LinuxPageAllocator(host).TryAllocate(4, [0], out ulong found) ? found : null;
        answer.Should().Be(expected);
        FreePageIndex atBoot = FreePageIndex.CreateAtBoot(host);
        (new LinuxPageAllocator(atBoot).TryAllocate(4, [0], out found) ? found : null as ulong?).Should().Be(expected);
    }

    [Fact]
    public void pamts_of_a_node_that_is_all_movable_lie_on_another()
    {
        HostPlan plan = HostPlan.Create(Texts.ReadFile("cases/33-movable-node.log"));

        plan.Tdmrs[2].Node.Should().Be(1);
        plan.Tdmrs[2].PamtChunk.End.Should().BeLessThan(plan.Tdmrs[2].Base);
        plan.PamtKiB.Should().Be(1050636);
    }

    [Fact]
    public void tdmrs_and_reserved_areas_are_those_without_zone_movable()
    {
        HostDescription host = Texts.Document(
            """
            { "memory": [ { "start": "0x100000", "end": "0x180000000", "node": 0 } ],
              "movable": [ { "node": 0, "start": "0x100000000" } ] }
            """);

        HostPlan plan = HostPlan.Create(host);

        plan.Tdmrs.Count.Should().Be(1);
        plan.Tdmrs[0].Range.ToString().Should().Be("[0x0, 0x180000000)");
        plan.Tdmrs[0].PamtChunk.Start.Should().Be(32 << 20, "the mask makes it the first candidate");
        HostDocument.Parse(System.Text.Encoding.UTF8.GetBytes(Texts.Json(host)), "-").Memory.MovableZones
            .Should().Equal(host.Memory.MovableZones);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(1024, 0)]
    [InlineData(0, 1)]
    [InlineData(0, (1UL << 52) + 4096)]
    public void a_start_is_a_page_of_a_node(int node, ulong start) =>
        FluentActions.Invoking(() => new MovableZone(node, start)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void a_node_has_one_start_at_most() =>
        FluentActions.Invoking(() => HostMemory.Create(Machine.Regions("1G..2G"), movable: [new(3, 0), new(3, 4096)]))
            .Should().Throw<ArgumentException>().WithMessage("node 3 has ZONE_MOVABLE twice");
}
