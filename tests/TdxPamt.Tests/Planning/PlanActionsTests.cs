using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class PlanActionsTests
{
    private static readonly HostMemory Fox = RealHosts.Read(RealHosts.FoxCreekPass);

    [Fact]
    public void a_published_failure_gets_each_kind_of_action_the_cheapest_first()
    {
        ValueList<PlanAction> actions = PlanActions.Create(Fox);

        actions.Select(static action => action.Kind).Should().Equal(
            PlanActionKind.BootOption, PlanActionKind.Kernel, PlanActionKind.Firmware, PlanActionKind.KernelPatch);
        actions[0].BootOption.Should().Be("memmap=4K$0x64158000");
        actions[0].ShellOption.Should().Be("'memmap=4K$0x64158000'");
        actions[0].GrubOption.Should().Be(@"memmap=4K\\\$0x64158000");
        actions[0].Ram.ToString().Should().Be("[0x64158000, 0x64159000)");
        actions[0].Text.Should().StartWith("boot with memmap=4K$0x64158000: it keeps 4 KiB (0.000001494 % of RAM)");
        actions[1].Text.Should().Contain("Ubuntu's 6.8 -intel").And.Contain("mainline up to 7.3");
        actions[2].Text.Should().Contain("[0x63d58000, 0x64158000), [0x64159000, 0x64195000)");
        actions[3].Text.Should().Contain("no kernel does this yet").And.Contain("split-tdmrs");
    }

    [Fact]
    public void an_option_for_grub_reaches_the_kernel_as_the_kernel_reads_it()
    {
        PlanAction option = PlanActions.Create(Fox)[0];

        // grub-mkconfig sources the file as a shell does; GRUB then takes the backslash off.
        Shell.Run($"printf %s \"{option.GrubOption}\"").Output.Replace("\\$", "$").Should().Be(option.BootOption);
        Shell.Run($"printf %s {option.ShellOption}").Output.Should().Be(option.BootOption);
    }

    [Fact]
    public void ram_above_the_share_is_not_given_up()
    {
        ValueList<PlanAction> actions = PlanActions.Create(Fox, maxRamShare: 1e-9);

        actions.Should().NotContain(static action => action.Kind == PlanActionKind.BootOption);
        actions.Should().Contain(static action => action.Kind == PlanActionKind.Firmware);
    }

    [Fact]
    public void more_ranges_than_a_command_line_holds_are_no_action()
    {
        HostMemory host = HostMemory.Create(Enumerable.Range(0, 100).Select(static i => new MemoryRegion(
            AddressRange.Create(0x100000 + ((ulong)i * 0x20000), 0x110000 + ((ulong)i * 0x20000)), node: 0)));

        PlanActions.Create(host, maxRamShare: 1).Should().NotContain(static action => action.Ram.Count > 16);
    }

    [Fact]
    public void a_machine_with_room_gets_none()
    {
        PlanActions.Create(RealHosts.Read("snc-4-node-320GiB.log")).Should().BeEmpty();
        PlanActions.Create(Fox, KernelModel.CmrHoles).Should().BeEmpty();
    }

    [Fact]
    public void a_kernel_that_needs_cmrs_that_are_not_known_gets_none() =>
        PlanActions.Create(RealHosts.WithoutCmrs(Fox), KernelModel.CmrHoles).Should().BeEmpty();

    [Fact]
    public void what_a_kernel_does_already_is_no_patch()
    {
        HostMemory rejectedByV5 = Machine.Of("1M..2G", "1M..1G, 1G..2G");
        string fortyHoles =
            string.Join(", ", Enumerable.Range(1, 40).Select(static i => $"{16 * i}M..{(16 * i) + 15}M"));
        HostMemory fullOfHoles = Machine.Of(fortyHoles, "16M..656M");

        PlanActions.Create(rejectedByV5, KernelModel.V5).Select(static action => action.Kind)
            .Should().Equal(PlanActionKind.Kernel);
        PlanActions.Create(fullOfHoles).Should().Contain(static action => action.Kind == PlanActionKind.Kernel)
            .And.NotContain(static action => action.Kind == PlanActionKind.KernelPatch);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void a_share_is_from_0_to_1(double share) =>
        FluentActions.Invoking(() => PlanActions.Create(Fox, maxRamShare: share))
            .Should().Throw<ArgumentOutOfRangeException>();

    [Theory]
    [InlineData(4, null)]
    [InlineData(5, 4)]
    [InlineData(6, 4)]
    [InlineData(7, null)]
    public void a_machine_that_works_gets_actions_where_at_most_one_area_is_left(int areas, int? left)
    {
        // It takes 5 areas: three holes of the second TDMR, and the PAMTs of both.
        HostMemory host = Machine.Of("1M..1G, 4G..4G+100M, 4G+101M..4G+101M+4K, 4G+102M..5G-1M");
        if (areas == 4)
            host = Machine.Of("1M..1G, 4G..4G+100M, 4G+101M..5G-1M");
        ModuleParameters module = new() { MaxReservedAreas = areas == 4 ? 6 : areas };

        ValueList<PlanAction> actions = PlanActions.Create(host, module: module);

        if (left is null)
        {
            actions.Should().BeEmpty();
            return;
        }

        actions.Select(static action => action.Kind).Should().Equal(
            PlanActionKind.BootOption, PlanActionKind.Firmware, PlanActionKind.KernelPatch);
        actions.Should().OnlyContain(action => action.Plan.MaxReservedAreasUsed == left);
        actions[2].Text.Should().Be(
            "patch the kernel (no kernel does this yet): merge-areas, one reserved area for holes and PAMTs that are "
            + $"adjacent or have no RAM between them; then it takes 2 of 64 TDMRs, at most 4 of {areas} areas");
    }

    [Theory]
    [InlineData("4G..6G-4K", "memmap=4K$0x17ffff000")]
    [InlineData("4G..6G-1020K", "memmap=1020K$0x17ff01000")]
    [InlineData("4G..6G-1M", "memmap=1M$0x17ff00000")]
    [InlineData("4G..6G-1028K", "memmap=1028K$0x17feff000")]
    [InlineData("4G..6G-1023M", "memmap=1023M$0x140100000")]
    [InlineData("4G..5G", "memmap=1G$0x140000000")]
    [InlineData("4G..5G-1M", "memmap=1025M$0x13ff00000")]
    [InlineData("4G..5G, 5G+4K..6G-4K", "memmap=4K$0x140000000,4K$0x17ffff000")]
    public void a_boot_option_has_sizes_in_the_largest_unit_that_divides_them(string cmrs, string option) =>
        PlanActions.Create(Machine.Of("1M..1G, 4G..6G", $"1M..1G, {cmrs}"), maxRamShare: 1)[0]
            .BootOption.Should().Be(option);

    [Fact]
    public void an_option_says_what_it_costs_and_how_it_is_written()
    {
        ValueList<PlanAction> actions = PlanActions.Create(
            Machine.Of("1M..1G, 4G..6G", "1M..1G, 4G..6G-16M"), maxRamShare: 0.01);
        actions.Should().ContainSingle().Which.Text.Should().Be(
            "boot with memmap=16M$0x17f000000: it keeps 16 MiB (0.521 % of RAM), [0x17f000000, 0x180000000), from "
            + "Linux; then it takes 2 of 64 TDMRs, at most 3 of 16 areas. In a shell: 'memmap=16M$0x17f000000'; in "
            + @"/etc/default/grub: memmap=16M\\\$0x17f000000");
    }

    [Fact]
    public void an_option_may_cost_exactly_the_share()
    {
        // 1 of 4 GiB.
        HostMemory host = Machine.Of("4G..8G", "4G..7G");
        Offers(0.25).Should().BeTrue();
        Offers(0.2499).Should().BeFalse();

        bool Offers(double share) => PlanActions.Create(host, maxRamShare: share)
            .Any(static action => action.Kind == PlanActionKind.BootOption);
    }

    [Fact]
    public void ram_at_the_end_of_addresses_has_no_hole_above() =>
        PlanActions.Create(Machine.Of("1M..1G, 3P..4P", "1M..1G"), module: new() { KeyIdBits = 0 }, maxRamShare: 1)
            .Should().ContainSingle().Which.BootOption.Should().Be("memmap=1024T$0xc000000000000");

    [Theory]
    [InlineData(
        "4G..4G+100M, 4G+101M..4G+101M+4K, 4G+102M..5G",
        3,
        "[0x106400000, 0x106500000), [0x106501000, 0x106600000) side by side, without the RAM "
            + "[0x106500000, 0x106501000) between; then it takes 2 of 64 TDMRs, at most 3 of 3 areas")]
    [InlineData(
        "4G..4G+100M, 4G+101M..4G+101M+4K, 4G+102M..4G+102M+4K, 4G+103M..5G",
        3,
        "[0x106400000, 0x106500000), [0x106501000, 0x106600000), [0x106601000, 0x106700000) side by side, without the "
            + "RAM [0x106500000, 0x106501000), [0x106600000, 0x106601000) between; then it takes 2 of 64 TDMRs, at "
            + "most 3 of 3 areas")]
    [InlineData(
        "4G..4G+100M, 4G+101M..4G+101M+4K, 4G+102M..4G+200M, 4G+201M..4G+201M+4K, 4G+202M..5G",
        4,
        "[0x106400000, 0x106500000), [0x106501000, 0x106600000), [0x10c800000, 0x10c900000), "
            + "[0x10c901000, 0x10ca00000) side by side, without the RAM [0x106500000, 0x106501000), "
            + "[0x10c900000, 0x10c901000) between; then it takes 2 of 64 TDMRs, at most 4 of 4 areas")]
    [InlineData(
        "4G..4G+100M, 4G+101M..4G+200M, 4G+201M..4G+201M+4K",
        3,
        "[0x106400000, 0x106500000), [0x10c800000, 0x10c900000), [0x10c901000, 0x140000000) side by side, without the "
            + "RAM [0x106500000, 0x10c800000), [0x10c900000, 0x10c901000) between; then it takes 2 of 64 TDMRs, at "
            + "most 3 of 3 areas")]
    [InlineData(
        "4G..4G+100M, 4G+101M..4G+101M+4K, 8G..9G",
        4,
        "[0x106400000, 0x106500000), [0x106501000, 0x200000000) side by side, without the RAM "
            + "[0x106500000, 0x106501000) between; then it takes 3 of 64 TDMRs, at most 4 of 4 areas")]
    public void the_firmware_is_to_join_the_holes_at_both_sides_of_each_range(string memory, int areas, string asked) =>
        PlanActions.Create(Machine.Of($"1M..1G, {memory}"), module: new() { MaxReservedAreas = areas }, maxRamShare: 1)
            .Single(static action => action.Kind == PlanActionKind.Firmware)
            .Text.Should().Be($"ask the firmware vendor to place {asked}");

    [Fact]
    public void where_no_strategy_helps_alone_the_patch_is_what_the_planner_combines()
    {
        HostMemory host = Machine.Of("1M..1G, 4G..4G+100M, 4G+101M..4G+101M+4K, 4G+102M..5G-1M");
        PlanActions.Create(host, module: new() { MaxReservedAreas = 2 })
            .Should().ContainSingle(static action => action.Kind == PlanActionKind.KernelPatch).Which.Text.Should().Be(
                "patch the kernel (no kernel does this yet): merge-areas, one reserved area for holes and PAMTs that "
                + "are adjacent or have no RAM between them; three-chunks, three chunks of pages for the three PAMTs "
                + "of a TDMR instead of one; adjacent-pamts, put PAMTs where they are adjacent to a hole or another "
                + "PAMT, or where areas are left; then it takes 2 of 64 TDMRs, at most 2 of 2 areas");
    }

    [Theory]
    [InlineData("v5")]
    [InlineData("6.8")]
    public void what_a_later_kernel_does_is_no_patch(string name)
    {
        KernelModel.TryParse(name, out KernelModel? kernel).Should().BeTrue();
        HostMemory host = HostMemory.Create(
            Machine.Regions("1M..1G"),
            Machine.Ranges("1M..1G"),
            [new BlockedRange(Machine.Range("2M..1G"), BlockedKind.Hugetlb, PageSize.Page2M)]);
        PlanAction action = PlanActions.Create(host, kernel).Should().ContainSingle().Which;
        action.Kind.Should().Be(PlanActionKind.Kernel);
        action.Text.Should().Be(
            "boot Linux 7.1, 7.2 or 7.3: it takes PAMTs at boot, holes from the memory map, and moves hugetlb pages; "
            + "Linux 6.8 to 7.0 does not move them; then it takes 1 of 64 TDMRs, at most 2 of 16 areas");
        PlanActions.Create(host, KernelModel.Mainline).Should().BeEmpty();
    }

    [Fact]
    public void holes_from_cmrs_are_a_kernel_and_no_patch()
    {
        ValueList<PlanAction> actions = PlanActions.Create(
            Machine.Of(
                "1M..1G, 4G..4G+100M, 4G+101M..4G+101M+4K, 4G+102M..4G+103M, 4G+104M..5G-1M",
                "1M..1G, 4G..5G-1M"),
            module: new() { MaxReservedAreas = 3 });
        actions.Select(static action => action.Kind).Should().Contain(PlanActionKind.Kernel)
            .And.NotContain(PlanActionKind.KernelPatch);
        actions.Single(static action => action.Kind == PlanActionKind.Kernel).Text.Should().StartWith(
            "boot a kernel that takes holes from the CMRs: Ubuntu's 6.8 -intel likely does (cmr-holes-2024), ");
    }

    [Fact]
    public void a_kernel_that_hides_ram_outside_the_cmrs_is_none()
    {
        const string Memory = "1M..1G, 4G..4G+100M, 4G+101M..4G+101M+8K, 4G+102M..5G-1M";
        Kinds("1M..1G, 4G..5G-1M").Should().Contain(PlanActionKind.Kernel);
        Kinds("1M..1G, 4G..4G+101M, 4G+101M+4K..5G-1M").Should().NotContain(PlanActionKind.Kernel);

        IEnumerable<PlanActionKind> Kinds(string cmrs) => PlanActions
            .Create(Machine.Of(Memory, cmrs), module: new() { MaxReservedAreas = 3 })
            .Select(static action => action.Kind);
    }

    [Fact]
    public void a_kernel_that_takes_holes_from_cmrs_gets_no_patch()
    {
        const string Memory = "1M..1G, 4G..4G+100M, 4G+101M..4G+101M+4K, 4G+102M..5G-1M";
        HostMemory host = Machine.Of(Memory, Memory);
        ModuleParameters module = new() { MaxReservedAreas = 4 };
        PlanActions.Create(host, KernelModel.Linux71, module)
            .Should().Contain(static action => action.Kind == PlanActionKind.KernelPatch);
        PlanActions.Create(host, KernelModel.CmrHoles2024, module).Should().BeEmpty();
    }

    [Fact]
    public void without_cmrs_a_kernel_that_needs_none_gets_all_but_those_that_do() =>
        PlanActions.Create(RealHosts.WithoutCmrs(Fox)).Select(static action => action.Kind).Should().Equal(
            PlanActionKind.BootOption, PlanActionKind.Firmware, PlanActionKind.KernelPatch);

    [Theory]
    [InlineData(PlanActions.MaxMemoryBlocks, 1)]
    [InlineData(PlanActions.MaxMemoryBlocks + 1, 0)]
    public void of_machines_with_more_memory_blocks_only_kernels_are_tried(int blocks, int actions)
    {
        // Pages of two nodes by turns, and one that is not convertible.
        HostMemory host = HostMemory.Create(
            Enumerable.Range(0, blocks - 1)
                .Select(static i => new MemoryRegion(
                    AddressRange.Create(0x10000000 + ((ulong)i << 12), 0x10001000 + ((ulong)i << 12)), i % 2))
                .Prepend(new(Machine.Range("1M..16M"), 2)),
            Machine.Ranges($"1M..15M, 0x10000000..1G"));
        host.TdxMemoryBlocks.Should().HaveCount(blocks);
        PlanActions.Create(host, maxRamShare: 1).Should().HaveCount(actions);
    }
}
