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

    [Theory]
    [MemberData(nameof(Machines))]
    public void an_action_does_what_it_says_when_it_is_carried_out(string name, int maxAreas)
    {
        HostMemory host = RealHosts.Read(name);
        foreach (KernelModel kernel in KernelModel.All)
            CarryOut(host, kernel, ModuleParameters.Default with { MaxReservedAreas = maxAreas });
    }

    public static TheoryData<string, int> Machines()
    {
        TheoryData<string, int> machines = [];
        foreach (string name in RealHosts.All.Where(static name => !Directory.Exists(RealHosts.PathOf(name))))
        {
            foreach (int areas in (int[])[2, 4, 6, 16, 17, 18])
                machines.Add(name, areas);
        }

        return machines;
    }

    [Fact]
    public void no_action_fails_on_random_machines_when_it_is_carried_out() =>
        new RandomHosts(tiny: false).Hold(RandomHosts.Iterations / 10, static random =>
        {
            HostMemory host = random.ToHostMemory();
            if (host.TdxMemoryBlocks.Count < 60)
                CarryOut(host, random.Kernel, random.ToModuleParameters());
        });

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

    /// <summary>Boots without the RAM, or plans what was offered, and finds what the action promised.</summary>
    private static void CarryOut(HostMemory host, KernelModel kernel, ModuleParameters module)
    {
        bool works = new StrategyConstructor(PlanStrategies.None, kernel, module)
            .TryConstruct(host, out MemoryPlan? now, out _) && now.IsAcceptable;
        foreach (PlanAction action in PlanActions.Create(host, kernel, module))
        {
            action.Plan.IsAcceptable.Should().BeTrue();
            action.Plan.MaxReservedAreasUsed.Should().BeLessThanOrEqualTo(module.MaxReservedAreas);
            if (works)
                action.Plan.MaxReservedAreasUsed.Should().BeLessThan(now!.MaxReservedAreasUsed);
            if (action.BootOption is null)
                continue;
            HostMemory reduced = HostMemory.Create(
                host.Regions.SelectMany(region => AddressRanges.Subtract([region.Range], action.Ram.Span)
                    .Select(range => new MemoryRegion(range, region.Node))),
                host.Cmrs,
                host.BlockedRanges,
                host.Fallback,
                host.MovableZones);
            new TdmrConstructor(new LinuxPageAllocator(reduced, kernel.MovesHugetlb), kernel, module)
                .TryConstruct(reduced, out TdmrConstruction? built, out TdmrFailure? failure)
                .Should().BeTrue("{0} works: {1}", action, failure);
            built!.Tdmrs.Should().Equal(action.Plan.Tdmrs);
        }
    }
}
