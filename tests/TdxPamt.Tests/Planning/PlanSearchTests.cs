using TdxPamt.Hosts;
using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class PlanSearchTests
{
    private const string AllWithoutCmrs =
        "merge-areas+split-tdmrs+join-tdmrs+three-chunks+adjacent-pamts+node-pamts+exclude-ram";

    private const string All = "holes-from-cmrs+" + AllWithoutCmrs;

    /// <summary>Machines whose best plan needs a seldom combination, and how many steps finding it takes.</summary>
    [Theory]
    [InlineData("less-ram-by-chunks", "holes-from-cmrs+three-chunks+adjacent-pamts+exclude-ram", 716_879)]
    [InlineData("cmrs-and-joins", "holes-from-cmrs+merge-areas+split-tdmrs+join-tdmrs+adjacent-pamts", 93_586)]
    [InlineData("less-ram-by-cmrs", "holes-from-cmrs+merge-areas+split-tdmrs+exclude-ram", 213_214)]
    [InlineData("excluded-for-pamts-alone", "three-chunks+adjacent-pamts+exclude-ram", 46_408)]
    [InlineData("lost-ram-by-node-pamts", "holes-from-cmrs+split-tdmrs+node-pamts+exclude-ram", 691_659)]
    [InlineData("split-leads-to-joins", "merge-areas+split-tdmrs+join-tdmrs+adjacent-pamts", 89_095)]
    [InlineData("two-ranges", "split-tdmrs+node-pamts+exclude-ram", 96_931)]
    [InlineData("fox-creek-pass", "holes-from-cmrs", 149_189)]
    [InlineData("xeon", "kernel", 272)]
    public void the_best_combination_is_found_without_trying_those_that_cannot_be_better(
        string machine, string strategies, long maxSteps)
    {
        ReducedHost whole = Host(machine);
        new PlanSearch(whole).Run()!.Strategies.Name().Should().Be(strategies);
        whole.Steps.Taken.Should().BeLessThanOrEqualTo(maxSteps);
    }

    /// <summary>After the limit of steps: single strategies first and, where none works, all that exclude RAM together,
    /// with holes from CMRs and without.</summary>
    [Theory]
    [InlineData("less-ram-by-chunks", All)]
    [InlineData("cmrs-and-joins", All)]
    [InlineData("less-ram-by-cmrs", AllWithoutCmrs)]
    [InlineData("excluded-for-pamts-alone", "join-tdmrs")]
    [InlineData("lost-ram-by-node-pamts", null)]
    [InlineData("fox-creek-pass", "holes-from-cmrs")]
    [InlineData("xeon", "kernel")]
    [InlineData("256 blocks, 20 in each GiB", AllWithoutCmrs)]
    public void after_its_limit_a_search_tries_what_mostly_wins(string machine, string? strategies)
    {
        ReducedHost whole = Host(machine);
        PlanSearch late = new(whole);
        whole.Steps.Take(PlanSearch.MaxSteps);
        string? found = late.Run()?.Strategies.Name();
        found.Should().Be(strategies);
    }

    /// <summary>Whether a plan without excluded RAM is known by then or not.</summary>
    [Theory]
    [InlineData(15, "adjacent-pamts", 447_218)]
    [InlineData(20, "adjacent-pamts+exclude-ram", 1_187_247)]
    public void beyond_256_blocks_not_every_combination_that_excludes_ram_is_tried(
        int blocksEach, string strategies, long maxSteps)
    {
        ReducedHost most = Host($"256 blocks, {blocksEach} in each GiB");
        ReducedHost more = Host($"257 blocks, {blocksEach} in each GiB");
        new PlanSearch(most).Run()!.Strategies.Name().Should().Be(strategies);
        new PlanSearch(more).Run()!.Strategies.Name().Should().Be(strategies);
        more.Steps.Taken.Should().BeLessThanOrEqualTo(maxSteps);
        most.Steps.Taken.Should().BeGreaterThan(2 * more.Steps.Taken);
    }

    private static ReducedHost Host(string machine)
    {
        if (machine is "fox-creek-pass" or "xeon")
        {
            string file = machine == "xeon" ? RealHosts.Xeon.File : RealHosts.FoxCreekPass;
            return new(RealHosts.Read(file), ModuleParameters.Default, []);
        }

        if (machine.Contains("blocks"))
        {
            int[] numbers = [.. machine.Split(' ').Where(static word => char.IsDigit(word[0])).Select(int.Parse)];
            return new(Blocks(numbers[0], numbers[1]), ModuleParameters.Default, []);
        }

        HostDescription description = SeldomHosts.Read(machine);
        return new(description.Memory, description.Module, []);
    }

    /// <summary>Blocks of 8 MiB less a page, in consecutive GiBs.</summary>
    private static HostMemory Blocks(int count, int each) => HostMemory.Create(
        Enumerable.Range(0, count).Select(i =>
        {
            ulong start = ((ulong)(4 + (i / each)) << 30) + ((ulong)(i % each) << 23);
            return new MemoryRegion(AddressRange.Create(start, start + (1UL << 23) - 4096), node: 0);
        }));
}
