using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class LayoutHeadroomTests
{
    [Fact]
    public void a_real_machine_has_room_for_so_many_holes_nodes_and_gib()
    {
        ValueList<HeadroomRow> rows = LayoutHeadroom.Create(RealHosts.Read(RealHosts.Snc.File));
        rows.Select(static row => row.ToString()).Should().Equal(
            "13 more holes in TDMR [0x0, 0x80000000), 3 of 16 reserved areas",
            "59 more nodes, 5 of 64 TDMRs",
            "65214 more GiB, 320 of 65534");
    }

    [Fact]
    public void a_machine_that_fails_has_a_row_only_for_the_limit_that_it_exceeds() =>
        LayoutHeadroom.Create(RealHosts.Read(RealHosts.FoxCreekPass)).Select(static row => row.ToString())
            .Should().Equal("1 too many holes in TDMR [0x0, 0x80000000), 17 of 16 reserved areas");

    [Fact]
    public void a_machine_with_too_many_nodes_has_a_row_for_tdmrs_alone() =>
        LayoutHeadroom.Create(Machine.Of("1M..1G, 4G..8G@1"), module: new() { MaxTdmrs = 1 })
            .Select(static row => (row.Resource, row.Used, row.Allowed))
            .Should().Equal((HeadroomResource.Nodes, 2, 1));

    [Theory]
    [InlineData(4, 2, "1 too many holes in TDMR [0x180000000, 0x1c0000000), 3 of 2 reserved areas")]
    [InlineData(3, 2, "1 too many holes in TDMR [0x180000000, 0x1c0000000), 3 of 2 reserved areas")]
    [InlineData(2, 3, "1 too many nodes, 3 of 2 TDMRs")]
    [InlineData(
        2,
        2,
        "1 too many holes in TDMR [0x180000000, 0x1c0000000), 3 of 2 reserved areas",
        "1 too many nodes, 3 of 2 TDMRs")]
    public void a_machine_that_fails_has_no_row_for_what_it_uses_up_but_does_not_exceed(
        int maxTdmrs, int maxAreas, params string[] rows) =>
        LayoutHeadroom.Create(
            Machine.Of("1M..1G, 4G..5G@1, 6G..6G+100M@2, 6G+101M..6G+102M@2"),
            module: new() { MaxTdmrs = maxTdmrs, MaxReservedAreas = maxAreas })
            .Select(static row => row.ToString()).Should().Equal(rows);

    [Fact]
    public void where_pamts_find_no_room_there_are_no_rows() =>
        LayoutHeadroom.Create(Machine.Of("1M..1G", blocked: "1M..1G")).Should().BeEmpty();

    [Fact]
    public void one_hole_more_than_there_is_room_for_fails()
    {
        const string Memory = "1M..1G, 4G..8G";
        long left = LayoutHeadroom.Create(Machine.Of(Memory))[0].Left;
        Works(WithHoles((int)left, giB: 7)).Should().BeTrue();
        Works(WithHoles((int)left, giB: 4)).Should().BeTrue();
        // In the first GiB they end a TDMR, so that there are more PAMTs.
        Works(WithHoles((int)left + 1, giB: 4)).Should().BeFalse();

        static string WithHoles(int holes, int giB) => $"1M..1G, 4G..{giB}G+513M, " + string.Join(
            ", ",
            Enumerable.Range(1, holes).Select(i =>
                $"{giB}G+{512 + i}M+4K..{(i == holes ? "8G" : $"{giB}G+{513 + i}M")}"));
    }

    [Theory]
    [InlineData(16, 13)]
    [InlineData(2, 0)]
    public void a_hole_on_a_gib_boundary_makes_one_tdmr_more(int maxTdmrs, long left)
    {
        ModuleParameters module = new() { MaxTdmrs = maxTdmrs };
        HeadroomRow row = LayoutHeadroom.Create(Machine.Of("1M..1G, 4G..8G"), module: module)[0];
        row.Left.Should().Be(left);
        Works("1M..1G, 4G..5G, 5G+4K..8G", module).Should().Be(left > 0);
    }

    [Fact]
    public void one_node_more_than_there_is_room_for_fails()
    {
        long left = LayoutHeadroom.Create(Machine.Of("1M..1G, 4G..8G"))[1].Left;
        Works(WithNodes((int)left)).Should().BeTrue();
        Works(WithNodes((int)left + 1)).Should().BeFalse();

        static string WithNodes(int nodes) => "1M..1G, 4G..8G, " + string.Join(
            ", ", Enumerable.Range(1, nodes).Select(static node => $"{8 + (4 * node)}G..{10 + (4 * node)}G@{node}"));
    }

    [Fact]
    public void memory_ends_where_addresses_begin_to_carry_a_key_id()
    {
        ModuleParameters module = new() { KeyIdBits = 16 };
        HeadroomRow row = LayoutHeadroom.Create(Machine.Of("1M..1G, 4G..8G"), module: module)[2];
        (row.Used, row.Left).Should().Be((5, 64 - 8));
    }

    [Fact]
    public void memory_above_where_addresses_carry_a_key_id_does_not_grow()
    {
        ModuleParameters module = new() { KeyIdBits = 20 };
        HeadroomRow row = LayoutHeadroom.Create(Machine.Of("1M..1G, 4G..8G"), module: module)[2];
        (row.Used, row.Left).Should().Be((5, 0));
    }

    [Fact]
    public void one_gib_more_than_pamts_find_room_for_fails()
    {
        // The PAMTs of the second TDMR lie below what is blocked. With one GiB more they do not fit there, and the run
        // that the GiB adds is too short for them.
        ModuleParameters module = new() { PamtEntrySizes = new PamtEntrySizes(1024, 16, 16) };
        Left("6G+1M..8G-32M").Should().Be(0);
        Left("8G-33M..8G-32M").Should().BePositive();

        long Left(string blocked) =>
            LayoutHeadroom.Create(Machine.Of("1M..1G, 4G..8G", blocked: blocked), module: module)[2].Left;
    }

    [Fact]
    public void memory_that_grows_is_convertible_where_cmrs_are_known()
    {
        HostMemory host = Machine.Of("1M..1G, 4G..8G", "1M..1G, 4G..8G");
        HeadroomRow mainline = LayoutHeadroom.Create(host, KernelModel.Mainline)[2];
        mainline.Left.Should().BePositive();
        foreach (KernelModel kernel in (KernelModel[])[KernelModel.V5, KernelModel.CmrHoles, KernelModel.CmrHoles2024])
            LayoutHeadroom.Create(host, kernel)[2].Left.Should().Be(mainline.Left);
    }

    [Fact]
    public void without_tdx_memory_there_are_no_rows() =>
        LayoutHeadroom.Create(Machine.Of("4K..636K")).Should().BeEmpty();

    [Fact]
    public void numbers_below_0_are_refused_by_name()
    {
        HeadroomRow row = new(KernelModel.Mainline, HeadroomResource.Nodes, 0, 0, Tdmr: null);
        foreach ((Func<HeadroomRow> create, string name) in new (Func<HeadroomRow>, string)[]
        {
            (() => row with { Used = -1 }, "Used"),
            (() => row with { Allowed = -1 }, "Allowed"),
            (static () => new(KernelModel.Mainline, HeadroomResource.Nodes, -1, 0, Tdmr: null), "Used"),
            (static () => new(KernelModel.Mainline, HeadroomResource.Nodes, 0, -1, Tdmr: null), "Allowed"),
        })
        {
            create.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"{name} must be 0 or more*");
        }

        row.ToString().Should().Be("0 more nodes, 0 of 0 TDMRs");
    }

    private static bool Works(string memory, ModuleParameters? module = null) =>
        new StrategyConstructor(PlanStrategies.None, module: module).TryConstruct(Machine.Of(memory), out _, out _);
}
