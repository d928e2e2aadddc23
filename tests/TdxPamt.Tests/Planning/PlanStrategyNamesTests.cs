using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class PlanStrategyNamesTests
{
    [Theory]
    [InlineData(PlanStrategies.None, "kernel", 0)]
    [InlineData(PlanStrategies.HolesFromCmrs, "holes-from-cmrs", 1)]
    [InlineData(PlanStrategies.MergeAreas | PlanStrategies.AdjacentPamts, "merge-areas+adjacent-pamts", 2)]
    [InlineData(PlanStrategies.SplitTdmrs | PlanStrategies.JoinTdmrs, "split-tdmrs+join-tdmrs", 2)]
    [InlineData(
        PlanStrategies.ThreeChunks | PlanStrategies.NodePamts | PlanStrategies.ExcludeRam,
        "three-chunks+node-pamts+exclude-ram",
        3)]
    public void a_combination_has_a_name_and_is_found_by_it(PlanStrategies strategies, string name, int changes)
    {
        strategies.Name().Should().Be(name);
        strategies.Changes().Should().Be(changes);
        PlanStrategyNames.TryParse(name, out PlanStrategies found).Should().BeTrue();
        found.Should().Be(strategies);
    }

    [Theory]
    [InlineData("cmr-holes", "holes-from-cmrs")]
    [InlineData("merge-areas+touching-pamts+give-up-ram", "merge-areas+adjacent-pamts+exclude-ram")]
    public void former_names_are_read_and_never_written(string former, string name)
    {
        PlanStrategyNames.TryParse(former, out PlanStrategies strategies).Should().BeTrue();
        strategies.Name().Should().Be(name);
    }

    [Fact]
    public void names_may_come_in_any_order_and_twice()
    {
        PlanStrategyNames.TryParse("adjacent-pamts+merge-areas+adjacent-pamts", out PlanStrategies strategies)
            .Should().BeTrue();
        strategies.Should().Be(PlanStrategies.MergeAreas | PlanStrategies.AdjacentPamts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("kernel+holes-from-cmrs")]
    [InlineData("holes-from-cmrs+")]
    [InlineData("CMR-holes")]
    [InlineData("merge-areas adjacent-pamts")]
    public void an_unknown_name_is_refused(string text)
    {
        PlanStrategyNames.TryParse(text, out PlanStrategies strategies).Should().BeFalse();
        strategies.Should().Be(PlanStrategies.None);
    }

    [Fact]
    public void each_strategy_is_listed_once()
    {
        PlanStrategyNames.Each.Should().HaveCount(8).And.OnlyHaveUniqueItems();
        PlanStrategyInfo.All.Skip(1).Select(static info => info.Strategy).Should().Equal(PlanStrategyNames.Each);
        PlanStrategyNames.Each.Aggregate(static (left, right) => left | right).Should().Be((PlanStrategies)0xFF);
    }

    [Fact]
    public void each_strategy_says_in_a_few_words_what_it_does() =>
        PlanStrategyInfo.All.Select(static info => info.ToString()).Should().Equal(
            "kernel: the kernel's own steps",
            "holes-from-cmrs: take holes from the CMRs, which are coarser than the memory map",
            "merge-areas: one reserved area for holes and PAMTs that are adjacent or have no RAM between them",
            "split-tdmrs: split TDMRs at 1 GiB boundaries where areas run out or PAMTs find no room",
            "join-tdmrs: join neighbouring TDMRs, gaps included, where TDMRs run out",
            "three-chunks: three chunks of pages for the three PAMTs of a TDMR instead of one",
            "adjacent-pamts: put PAMTs where they are adjacent to a hole or another PAMT, or where areas are left",
            "node-pamts: one run of pages, and one reserved area, for all PAMTs of a node",
            "exclude-ram: exclude the cheapest RAM from TDX; Linux must keep it from its page allocator");

    [Fact]
    public void without_strategies_nothing_is_changed() =>
        PlanStrategyInfo.All[0].Description.Should().Be("nothing: the kernel's own steps");

    [Fact]
    public void the_documentation_describes_each_strategy_in_the_words_of_the_table()
    {
        string[] pages =
        [
            Path.Combine(Repository.Root, "README.md"),
            .. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md"),
        ];
        string documentation = string.Concat(pages.Select(File.ReadAllText));
        foreach (PlanStrategyInfo strategy in PlanStrategyInfo.All.Skip(1))
            documentation.Should().Contain($"| `{strategy.Name}` | {strategy.Description} |");
    }

    [Fact]
    public void bits_of_no_strategy_are_a_callers_bug()
    {
        Action name = static () => ((PlanStrategies)256).Name();
        Action construct = static () => _ = new StrategyConstructor((PlanStrategies)(-1));
        name.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*0 to 255*");
        construct.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*0 to 255*");
    }
}
