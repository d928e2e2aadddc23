using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class CarriedOutActionsTests
{
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
