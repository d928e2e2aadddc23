using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class PamtTotalSearchTests
{
    [Fact]
    public void causes_are_the_fewest_borders_that_give_the_figure_low_memory_first() =>
        new SmallPartitions(1, 9).Hold(2000, static sample =>
        {
            ulong planned = PartitionModel.PagesOf(sample.KernelTdmrs, sample.Module);
            for (long more = -4; more <= 6; more++)
            {
                if (more == 0)
                    continue;
                ulong pages = (ulong)((long)planned + more);
                string[] causes = [.. new PamtTotalSearch(sample.KernelTdmrs, sample.Module, pages)
                    .Find().Select(static cause => string.Join(", ", cause.Tdmrs))];
                causes.Should().Equal(Expected(sample, pages, split: more > 0));
            }
        }, least: 200);

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void sixteen_borders_are_looked_for_at_most(int pages, bool found)
    {
        AddressRange[] tdmrs = Machine.Ranges("4G..24G");
        ModuleParameters module = ModuleParameters.Default;
        new PamtTotalSearch(tdmrs, module, PartitionModel.PagesOf(tdmrs, module) + (ulong)pages).Find()
            .Should().HaveCount(found ? 8 : 0);
    }

    [Fact]
    public void where_pamts_of_a_gib_are_whole_pages_no_border_changes_the_figure()
    {
        AddressRange[] tdmrs = Machine.Ranges("4G..24G");
        ModuleParameters module = new() { PamtEntrySizes = new(16, 16, 4096) };
        new PamtTotalSearch(tdmrs, module, PartitionModel.PagesOf(tdmrs, module) + 1).Find().Should().BeEmpty();
    }

    private static string[] Expected(SmallPartitions.Sample sample, ulong pages, bool split)
    {
        AddressRange[] giBs = [.. sample.KernelTdmrs.SelectMany(PartitionModel.GiBs)];
        ulong[] own = [.. sample.KernelTdmrs.Select(static tdmr => tdmr.Start)];
        ulong[] borders = split
            ? [.. giBs.Select(static giB => giB.Start).Except(own)]
            : [.. own.Where(start => Array.Exists(sample.KernelTdmrs, tdmr => tdmr.End == start))];
        for (int changes = 1; changes <= borders.Length; changes++)
        {
            string[] found =
            [
                .. Subsets(borders, 0, changes)
                    .Select(chosen => Partition(giBs, split ? [.. own, .. chosen] : [.. own.Except(chosen)]))
                    .Where(tdmrs => PartitionModel.PagesOf(tdmrs, sample.Module) == pages)
                    .Select(static tdmrs => string.Join(", ", tdmrs))
                    .Take(8),
            ];
            if (found.Length > 0)
                return found;
        }

        return [];
    }

    private static IEnumerable<ulong[]> Subsets(ulong[] borders, int first, int count)
    {
        if (count == 0)
            return [[]];
        return Enumerable.Range(first, borders.Length - first).SelectMany(i =>
            Subsets(borders, i + 1, count - 1).Select(rest => (ulong[])[borders[i], .. rest]));
    }

    private static AddressRange[] Partition(AddressRange[] giBs, ulong[] starts)
    {
        List<AddressRange> tdmrs = [];
        foreach (AddressRange giB in giBs)
        {
            if (tdmrs.Count == 0 || starts.Contains(giB.Start))
                tdmrs.Add(giB);
            else
                tdmrs[^1] = AddressRange.Create(tdmrs[^1].Start, giB.End);
        }

        return [.. tdmrs];
    }
}
