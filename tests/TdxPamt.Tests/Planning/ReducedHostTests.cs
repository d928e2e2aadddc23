using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class ReducedHostTests
{
    [Fact]
    public void a_machine_less_nothing_is_the_machine()
    {
        HostMemory host = Machine.Of("4K..636K, 1M..1G, 2G..3G@1", "1M..1G, 2G..3G");
        ReducedHost whole = new(host, ModuleParameters.Default, []);
        whole.Memory.Should().BeSameAs(host);
        whole.ExcludedRam.Should().BeEmpty();
        whole.KernelTdmrs.Should().Equal(Machine.Ranges("0..1G, 2G..3G"));
        whole.TryExcludeNotConvertible(out ReducedHost convertible).Should().BeTrue();
        convertible.Should().BeSameAs(whole);
    }

    [Fact]
    public void a_machine_less_ranges_has_their_ram_and_cmrs_no_more()
    {
        HostMemory host = Machine.Of("1M..1G, 2G..3G@1", "1M..1G, 2G..3G");
        ReducedHost less = new(host, ModuleParameters.Default, Machine.Ranges("512M..513M, 1G-1M..2G+1M"));
        less.Original.Should().BeSameAs(host);
        less.Memory.Regions.Should().Equal(Machine.Regions("1M..512M, 513M..1G-1M, 2G+1M..3G@1"));
        less.Memory.Cmrs.Should().Equal(Machine.Ranges("1M..512M, 513M..1G-1M, 2G+1M..3G"));
        less.ExcludedRam.Should().Equal(Machine.Ranges("512M..513M, 1G-1M..1G, 2G..2G+1M"));
        less.ExcludedBytesWith([]).Should().Be(3 << 20);
        less.ExcludedBytesWith(Machine.Ranges("511M..513M, 1G-2M..1G-1M, 3G-1M..4G")).Should().Be(6 << 20);
    }

    [Fact]
    public void more_is_excluded_beside_what_already_is()
    {
        HostMemory host = Machine.Of("1M..1G");
        ReducedHost less = new ReducedHost(host, ModuleParameters.Default, Machine.Ranges("8M..9M"))
            .Without(Machine.Ranges("2M..3M, 9M..10M"));
        less.ExcludedRam.Should().Equal(Machine.Ranges("2M..3M, 8M..10M"));
        less.Memory.Regions.Should().Equal(Machine.Regions("1M..2M, 3M..8M, 10M..1G"));
    }

    [Fact]
    public void work_is_counted_by_what_is_read_and_by_all_that_are_made_of_a_machine()
    {
        ReducedHost whole = new(Machine.Of("1M..1G, 2G..3G, 4G..5G"), ModuleParameters.Default, []);
        whole.Steps.Taken.Should().Be(16 * 3);
        ReducedHost less = whole.Without(Machine.Ranges("2G..2G+1M, 2G+2M..2G+3M"));
        less.Steps.Should().BeSameAs(whole.Steps);
        whole.Steps.Taken.Should().Be(16 * (3 + 3 + 2));
    }

    [Theory]
    [InlineData("1M..1G, 2G..3G", "", 0, "")]
    [InlineData("1M..1G, 2G..3G", "1M..1G, 2G..3G", 0, "")]
    [InlineData("1M..1G, 2G..3G", "0..4G", 0, "")]
    [InlineData("1M..1G, 2G..3G", "2M..1G-4K, 2G..3G-16M", 0, "1M..2M, 1G-4K..1G, 3G-16M..3G")]
    [InlineData("1M..1G, 2G..3G", "1M..512M, 512M..1G", 0, "2G..3G")]
    [InlineData("1M..1G, 4G..6G", "", 20, "4G..6G")]
    [InlineData("1M..1G, 4G..6G", "", 19, "")]
    public void ram_outside_the_cmrs_or_with_a_key_id_is_not_convertible(
        string memory, string cmrs, int keyIdBits, string expected)
    {
        ReducedHost host = new(Machine.Of(memory, cmrs), new() { KeyIdBits = keyIdBits }, []);
        host.NotConvertible().Should().Equal(Machine.Ranges(expected));
        host.TryExcludeNotConvertible(out ReducedHost convertible).Should().BeTrue();
        convertible.ExcludedRam.Should().Equal(Machine.Ranges(expected));
        convertible.NotConvertible().Should().BeEmpty();
    }

    [Theory]
    [InlineData(StrategyConstructor.MaxMemoryBlocks, true)]
    [InlineData(StrategyConstructor.MaxMemoryBlocks + 1, false)]
    public void more_pieces_than_are_searched_are_not_excluded(int pieces, bool excluded)
    {
        HostMemory host = HostMemory.Create(
            Machine.Regions("1M..1G"),
            Enumerable.Range(0, pieces - 1).Select(static i => AddressRange.Create(
                0x101000 + ((ulong)i << 13), 0x102000 + ((ulong)i << 13))).Append(Machine.Range("512M..1G")));
        ReducedHost whole = new(host, ModuleParameters.Default, []);
        whole.TryExcludeNotConvertible(out ReducedHost convertible).Should().Be(excluded);
        ReferenceEquals(convertible, whole).Should().Be(!excluded);
        if (excluded)
            return;
        new StrategyConstructor(PlanStrategies.ExcludeRam).TryConstruct(host, out _, out TdmrFailure? failure);
        (failure!.Code, failure.Range)
            .Should().Be((TdmrFailureCode.MemoryNotConvertible, Machine.Range("1M..1M+4K")));
    }

    [Theory]
    [InlineData("0..1M", 0)]
    [InlineData("0..1M+4K", 4096)]
    [InlineData("3M-4K..4M", 4096)]
    [InlineData("3M..4M", 0)]
    [InlineData("4M..5M", 1 << 20)]
    [InlineData("2M..5M", 2 << 20)]
    [InlineData("1M..6M", 3 << 20)]
    [InlineData("5M..6M", 0)]
    public void the_ram_of_a_range_is_what_memory_blocks_have_of_it(string range, long bytes)
    {
        ReducedHost host = new(Machine.Of("1M..3M, 4M..5M"), ModuleParameters.Default, []);
        AddressRange asked = Machine.Range(range);
        host.RamBytes(asked).Should().Be((ulong)bytes);
        host.HasRam(asked.Start, asked.End).Should().Be(bytes > 0);
        host.HasRam(asked.Start, asked.Start).Should().BeFalse();
    }

    [Fact]
    public void holes_come_from_the_memory_map_or_from_cmrs_and_are_one_where_no_ram_is_between()
    {
        ReducedHost host = new(
            Machine.Of("1M..1G, 4G..5G", "1M..512M, 513M..1G, 2G..3G, 4G..5G"), ModuleParameters.Default, []);
        Holes(KernelModel.Mainline, PlanStrategies.None).Should().Equal(Machine.Ranges("0..1M, 1G..4G, 5G..4P"));
        Holes(KernelModel.Mainline, PlanStrategies.MergeAreas).Should().Equal(Machine.Ranges("0..1M, 1G..4G, 5G..4P"));
        AddressRange[] apart = Machine.Ranges("0..1M, 512M..513M, 1G..2G, 3G..4G, 5G..4P");
        Holes(KernelModel.CmrHoles, PlanStrategies.None).Should().Equal(apart);
        Holes(KernelModel.Mainline, PlanStrategies.HolesFromCmrs).Should().Equal(apart);
        Holes(KernelModel.Mainline, PlanStrategies.HolesFromCmrs | PlanStrategies.MergeAreas)
            .Should().Equal(Machine.Ranges("0..1M, 512M..513M, 1G..4G, 5G..4P"));

        AddressRange[] Holes(KernelModel kernel, PlanStrategies strategies) => host.Holes(kernel, strategies);
    }
}
