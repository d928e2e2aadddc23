using TdxPamt.Hosts;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

/// <summary>However many ranges a machine has, planning it takes a bounded number of comparisons and bytes.</summary>
public class PlanningBoundTests
{
    private const ulong GiB = 1UL << 30;
    private const ulong MiB = 1UL << 20;

    /// <summary>The machines, and how many MiB comparing all strategies on them may allocate,
    /// one after the other.</summary>
    public static TheoryData<string, int> Machines => new()
    {
        { "8192 blocks with a gap each", 350 },
        { "8001 blocks, 4000 TDMRs", 500 },
        { "20000 blocked pages in 1 TiB", 250 },
        { "200000 blocked pages in 1 TiB", 500 },
        { "100000 CMRs", 150 },
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public void a_comparison_allocates_a_bounded_number_of_bytes(string name, int maxMiB)
    {
        (HostMemory host, ModuleParameters module) = Machine(name);
        long before = GC.GetAllocatedBytesForCurrentThread();
        PlanComparison.Create(host, module);
        ((GC.GetAllocatedBytesForCurrentThread() - before) >> 20).Should().BeLessThan(maxMiB);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void a_search_ends_soon_after_its_limit_of_comparisons(string name, int maxMiB)
    {
        _ = maxMiB;
        (HostMemory host, ModuleParameters module) = Machine(name);
        ReducedHost whole = new(host, module, []);
        new PlanSearch(whole).Run();
        whole.Steps.Taken.Should().BeLessThan(3 * PlanSearch.MaxSteps);
    }

    [Theory]
    [InlineData(63, 1000, 64)]
    [InlineData(1000, 20, 65_535)]
    [InlineData(60_000, 1, 65_535)]
    public void an_explanation_replans_the_machine_a_bounded_number_of_times(int tdmrs, int holesEach, int maxTdmrs)
    {
        ulong distance = GiB / (ulong)holesEach & ~4095UL;
        HostMemory host = HostMemory.Create(
        [
            .. from tdmr in Enumerable.Range(0, tdmrs)
               from hole in Enumerable.Range(0, holesEach)
               let start = (4 * GiB) + ((ulong)tdmr * 2 * GiB) + ((ulong)hole * distance)
               select new MemoryRegion(AddressRange.Create(start, start + distance - 4096), 0),
            Region((4 + (2 * (ulong)tdmrs)) * GiB, GiB + ((ulong)tdmrs * 8 * MiB), 0),
        ]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        LayoutExplanation explanation =
            LayoutExplanation.Create(host, module: new ModuleParameters { MaxTdmrs = maxTdmrs });
        ((GC.GetAllocatedBytesForCurrentThread() - before) >> 20).Should().BeLessThan(300);
        explanation.Tdmrs[explanation.Failure!.TdmrIndex!.Value].RamToExclude.Should().NotBeEmpty();
    }

    [Fact]
    public void after_its_limit_of_comparisons_a_search_tries_single_strategies_and_a_few_that_mostly_win()
    {
        HostDescription description = SeldomHosts.Read("cmrs-and-joins");
        ReducedHost whole = new(description.Memory, description.Module, []);
        new PlanSearch(whole).Run()!.Changes.Should().Be(5);
        PlanSearch late = new(whole);
        whole.Steps.Take(PlanSearch.MaxSteps);
        late.Run()!.Strategies.Should().Be(PlanStrategyNames.All);
    }

    private static (HostMemory Host, ModuleParameters Module) Machine(string name) => name switch
    {
        "8192 blocks with a gap each" => (HostMemory.Create(Enumerable.Range(0, 8192).Select(static i =>
            Region(MiB + ((ulong)i * ((2 * GiB) + MiB)), 2 * GiB, i / 128))), new ModuleParameters()),
        "8001 blocks, 4000 TDMRs" => (
            HostMemory.Create(
            [
                .. Enumerable.Range(0, 8000).Select(static i => Region((4 + (2 * (ulong)i)) * GiB, GiB / 4, 0)),
                Region(16_004 * GiB, 256 * GiB, 0),
            ]),
            new ModuleParameters { MaxTdmrs = 4000, KeyIdBits = 0 }),
        "20000 blocked pages in 1 TiB" or "200000 blocked pages in 1 TiB" => (
            HostMemory.Create(
                [Region(MiB, 2 * MiB, 0), Region(5 * MiB, 2 * MiB, 0), Region(4 * GiB, 1024 * GiB, 0)],
                cmrs: null,
                Blocked(name.StartsWith("200000", StringComparison.Ordinal) ? 200_000 : 20_000)),
            new ModuleParameters { MaxTdmrs = 65_535 }),
        _ => (
            HostMemory.Create(
                [Region(4 * GiB, 100_000 * 8192, 0)],
                Enumerable.Range(0, 100_000).Select(static i => Region((4 * GiB) + ((ulong)i * 8192), 4096, 0).Range)),
            new ModuleParameters()),
    };

    private static IEnumerable<BlockedRange> Blocked(int count)
    {
        ulong distance = 1024 * GiB / (ulong)count & ~4095UL;
        return Enumerable.Range(0, count).Select(i => new BlockedRange(
            Region((4 * GiB) + ((ulong)i * distance), 4096, 0).Range, BlockedKind.Unmovable));
    }

    private static MemoryRegion Region(ulong start, ulong size, int node) =>
        new(AddressRange.Create(start, start + size), node);
}
