namespace TdxPamt.Tests.Memory;

public class HostMemoryTests
{
    [Theory]
    [InlineData("1M..2G", "1M..2G")]
    [InlineData("4G..6G, 1M..2G", "1M..2G, 4G..6G")]
    [InlineData("1M..2G, 2G..3G, 3G..4G", "1M..4G")]
    [InlineData("3G..4G, 1M..2G, 2G..3G", "1M..4G")]
    [InlineData("1M..2G@0, 2G..3G@1", "1M..2G@0, 2G..3G@1")]
    [InlineData("1M..2G@0, 2G..3G@1, 3G..4G@0", "1M..2G@0, 2G..3G@1, 3G..4G@0")]
    [InlineData("1M..2G, 2G+4K..3G", "1M..2G, 2G+4K..3G")]
    [InlineData("", "")]
    public void regions_are_in_ascending_order_and_adjacent_ones_of_one_node_are_one(string memory, string regions) =>
        Machine.Of(memory).Regions.Should().Equal(Machine.Regions(regions));

    [Theory]
    [InlineData("0..2G", "1M..2G")]
    [InlineData("0..1M", "")]
    [InlineData("0..1M-4K", "")]
    [InlineData("0..1M+4K", "1M..1M+4K")]
    [InlineData("4K..636K, 1M..2G", "1M..2G")]
    [InlineData("4K..636K@1, 1M-4K..2G@0", "1M..2G@0")]
    [InlineData("0..1M@0, 1M..2G@1", "1M..2G@1")]
    [InlineData("0..1M, 1M..2G", "1M..2G")]
    [InlineData("1M..2M, 4M..8M@1", "1M..2M, 4M..8M@1")]
    [InlineData("", "")]
    public void memory_blocks_are_the_ram_at_or_above_1_MiB(string memory, string blocks) =>
        Machine.Of(memory).TdxMemoryBlocks.Should().Equal(Machine.Regions(blocks));

    [Theory]
    [InlineData("1M..3G@0, 2G..4G@1",
        "memory ranges [0x100000, 0xc0000000) of node 0 and [0x80000000, 0x100000000) of node 1 overlap")]
    [InlineData("2G..4G@1, 1M..2G+4K@0",
        "memory ranges [0x100000, 0x80001000) of node 0 and [0x80000000, 0x100000000) of node 1 overlap")]
    [InlineData("1M..4G, 2G..3G",
        "memory ranges [0x100000, 0x100000000) of node 0 and [0x80000000, 0xc0000000) of node 0 overlap")]
    [InlineData("1M..2G, 1M..2G",
        "memory ranges [0x100000, 0x80000000) of node 0 and [0x100000, 0x80000000) of node 0 overlap")]
    [InlineData("0..2G, 0..4K", "memory ranges [0x0, 0x1000) of node 0 and [0x0, 0x80000000) of node 0 overlap")]
    [InlineData("0..4K, 0..2G", "memory ranges [0x0, 0x1000) of node 0 and [0x0, 0x80000000) of node 0 overlap")]
    public void overlapping_memory_is_refused_naming_both_ranges(string memory, string contradiction)
    {
        Action create = () => Machine.Of(memory);

        create.Should().Throw<ArgumentException>().WithMessage(contradiction);
        HostMemoryFailure failure = Failure(Machine.Regions(memory));
        failure.Part.Should().Be(HostMemoryPart.Memory);
        failure.Message.Should().Be(contradiction);
        failure.ToString().Should().Be(contradiction);
        contradiction.Should().Contain($"ranges {failure.Range} of").And.Contain($"and {failure.Other} of");
        failure.Node.Should().BeNull();
    }

    [Theory]
    [InlineData("1M..3G, 2G..4G", "CMRs [0x100000, 0xc0000000) and [0x80000000, 0x100000000) overlap")]
    [InlineData("2G..4G, 1M..2G+4K", "CMRs [0x100000, 0x80001000) and [0x80000000, 0x100000000) overlap")]
    public void overlapping_cmrs_are_refused_naming_both(string cmrs, string contradiction)
    {
        Action create = () => Machine.Of("1M..2G", cmrs);

        create.Should().Throw<ArgumentException>().WithMessage(contradiction);
        HostMemoryFailure failure = Failure(Machine.Regions("1M..2G"), Machine.Ranges(cmrs));
        failure.Part.Should().Be(HostMemoryPart.Cmrs);
        failure.Message.Should().Be(contradiction).And.Be($"CMRs {failure.Range} and {failure.Other} overlap");
    }

    [Fact]
    public void where_memory_and_cmrs_both_overlap_memory_is_named()
    {
        Action create = () => Machine.Of("1M..3G, 2G..4G", "1M..3G, 2G..4G");

        create.Should().Throw<ArgumentException>().WithMessage("memory ranges *");
    }

    [Fact]
    public void empty_ranges_are_refused()
    {
        Action emptyMemory = () => HostMemory.Create([default]);
        Action emptyCmr = () => HostMemory.Create(Machine.Regions("1M..2G"), [default]);

        emptyMemory.Should().Throw<ArgumentException>().WithMessage("memory range [0x0, 0x0) is empty");
        emptyCmr.Should().Throw<ArgumentException>().WithMessage("CMR [0x0, 0x0) is empty");
    }

    [Fact]
    public void memory_is_asked_for_and_the_rest_is_not()
    {
        Action create = () => HostMemory.Create(null!);

        create.Should().Throw<ArgumentNullException>().WithParameterName("memory");
        HostMemory host = HostMemory.Create([]);
        host.Cmrs.Count.Should().Be(0);
        host.BlockedRanges.Count.Should().Be(0);
        host.Nodes.Count.Should().Be(0);
        host.RamBytes.Should().Be(0);
    }

    [Theory]
    [InlineData("1M..2M@3, 4M..8M@1", "1M..2M, 2M..8M, 1G..2G", "5 MiB of RAM on nodes 1, 3, 3 CMRs")]
    [InlineData("0..12288G", "", "12 TiB of RAM on nodes 0, 0 CMRs")]
    [InlineData("0..1048575M, 2048G..2097153M", "", "1 TiB of RAM on nodes 0, 0 CMRs")]
    [InlineData("0..8212K", "", "8212 KiB of RAM on nodes 0, 0 CMRs")]
    [InlineData("0..267785912K", "", "255.4 GiB of RAM on nodes 0, 0 CMRs")]
    [InlineData("", "", "0 B of RAM on nodes , 0 CMRs")]
    public void a_host_prints_how_much_it_has(string memory, string cmrs, string text) =>
        Machine.Of(memory, cmrs).ToString().Should().Be(text);

    [Fact]
    public void touching_cmrs_stay_apart_in_ascending_order() =>
        Machine.Of("1M..2G", "1G..2G, 4G..5G, 0..1G").Cmrs.Should().Equal(Machine.Ranges("0..1G, 1G..2G, 4G..5G"));

    [Theory]
    [InlineData("1M..2G", "", "")]
    [InlineData("1M..2G", "0..4G", "")]
    [InlineData("0..2G", "1M..2G", "")]
    [InlineData("0..1M", "1G..2G", "")]
    [InlineData("1M..2G", "1M..1G, 1G..2G", "")]
    [InlineData("1M..2G", "2M..1G", "1M..2M, 1G..2G")]
    [InlineData("1M..2G", "1M..1G, 1G+4K..2G", "1G..1G+4K")]
    [InlineData("1M..1G@0, 1G..2G@1, 4G..5G@1", "4G..4G+4K", "1M..1G, 1G..2G, 4G+4K..5G")]
    public void ram_outside_the_cmrs_is_known_where_cmrs_are(string memory, string cmrs, string outside) =>
        Machine.Of(memory, cmrs).OutsideCmrs.Should().Equal(Machine.Ranges(outside));

    [Fact]
    public void blocked_ranges_may_overlap_and_lie_anywhere_and_stay_as_given() =>
        Machine.Of("1M..2G", blocked: "1T..2T, 1M..2M, 1M..4M, 0..4K").BlockedRanges
            .Select(static blocked => blocked.Range)
            .Should().Equal(Machine.Ranges("1T..2T, 1M..2M, 1M..4M, 0..4K"));

    [Fact]
    public void nodes_are_those_with_ram_even_below_1_MiB()
    {
        HostMemory host = Machine.Of("4K..636K@7, 1M..2G@3, 4G..6G@0, 6G..8G@3");

        host.Nodes.Should().Equal(0, 3, 7);
        host.RamBytes.Should().Be(Machine.Address("632K+2G-1M+4G"));
    }

    private static HostMemoryFailure Failure(IEnumerable<MemoryRegion> memory, IEnumerable<AddressRange>? cmrs = null)
    {
        HostMemory.TryCreate(memory, cmrs, null, null, null, out HostMemory? host, out HostMemoryFailure? failure)
            .Should().BeFalse();
        host.Should().BeNull();
        return failure!;
    }
}
