using TdxPamt.Planning;

namespace TdxPamt.Tests.Planning;

public class LayoutSearchTests
{
    private const PlanStrategies Split = PlanStrategies.SplitTdmrs;
    private const PlanStrategies Join = PlanStrategies.JoinTdmrs;
    private const PlanStrategies Merge = PlanStrategies.MergeAreas;

    /// <summary>Of few units all partitions can be tried: where the kernel's own TDMRs do not work, none that works is
    /// cheaper than the one found, and there is none where none is found.</summary>
    [Theory]
    [InlineData(false, Split)]
    [InlineData(false, Split | Merge)]
    [InlineData(true, Join)]
    [InlineData(true, Split | Join | Merge)]
    public void no_partition_of_few_units_that_works_is_cheaper(bool manyTdmrs, PlanStrategies strategies) =>
        new SmallHosts(manyTdmrs).Hold(120, sample =>
        {
            ReducedHost host = new(sample.Host, sample.Module, []);
            AddressRange[] tdmrs = host.KernelTdmrs;
            bool exhausted = tdmrs.Length > sample.Module.MaxTdmrs;
            if (PartitionModel.GiBs(AddressRange.Create(0, AddressRanges.TotalBytes(tdmrs))).Count() > 5
                || Works(host, tdmrs, strategies) && !exhausted)
            {
                return;
            }

            LayoutResult found = new LayoutSearch(host, strategies, KernelModel.Mainline).Run();

            (ulong Pages, int Tdmrs)[] costs =
            [
                .. new PartitionModel(new(
                        tdmrs,
                        [],
                        sample.Module,
                        strategies.HasFlag(Split),
                        exhausted && strategies.HasFlag(Join))).Partitions()
                    .Where(each => each.Length <= sample.Module.MaxTdmrs && Works(host, each, strategies))
                    .Select(each => (PartitionModel.PagesOf(each, sample.Module), each.Length)),
            ];
            if (costs.Length == 0)
            {
                found.Failure.Should().NotBeNull();
                return;
            }

            found.Failure.Should().BeNull();
            AddressRange[] best = found.Layout!.Tdmrs;
            (PartitionModel.PagesOf(best, sample.Module), best.Length).Should().Be(costs.Min());
        }, 120);

    /// <summary>The PAMTs of 4 GiB find room between blocked pages, those of more do not.</summary>
    [Theory]
    [InlineData("4G..20G", 4, "4G..8G, 8G..12G, 12G..16G, 16G..20G")]
    [InlineData("4G..20G, 32G..48G", 8,
        "4G..8G, 8G..12G, 12G..16G, 16G..20G, 32G..36G, 36G..40G, 40G..44G, 44G..48G")]
    [InlineData("4G..8G, 32G..48G", 5, "4G..8G, 32G..36G, 36G..40G, 40G..44G, 44G..48G")]
    [InlineData("4G..12G, 32G..48G", 6, "4G..8G, 8G..12G, 32G..36G, 36G..40G, 40G..44G, 44G..48G")]
    [InlineData("4G..20G, 32G..40G", 6, "4G..8G, 8G..12G, 12G..16G, 16G..20G, 32G..36G, 36G..40G")]
    [InlineData("4G..8G, 16G..20G, 32G..37G", 4, "4G..8G, 16G..20G, 32G..34G, 34G..37G")]
    public void tdmrs_whose_pamts_find_no_room_are_halved(string memory, int maxTdmrs, string tdmrs)
    {
        LayoutResult found = Halved(memory, maxTdmrs);
        found.Failure.Should().BeNull();
        found.Layout!.Tdmrs.Should().Equal(Machine.Ranges(tdmrs));
    }

    [Theory]
    [InlineData("4G..20G", 3, "4G..8G, 8G..12G, 12G..20G", 2)]
    [InlineData("4G..20G, 32G..48G", 3, "4G..12G, 12G..20G, 32G..48G", 0)]
    [InlineData("4G..20G, 32G..48G", 7, "4G..8G, 8G..12G, 12G..16G, 16G..20G, 32G..36G, 36G..40G, 40G..48G", 6)]
    public void no_more_tdmrs_are_halved_than_there_may_be(string memory, int maxTdmrs, string tdmrs, int failed)
    {
        LayoutResult found = Halved(memory, maxTdmrs);
        found.Failure!.Code.Should().Be(TdmrFailureCode.PamtAllocationFailed);
        found.Failure.TdmrIndex.Should().Be(failed);
        found.Layout!.Tdmrs.Should().Equal(Machine.Ranges(tdmrs));
    }

    private static LayoutResult Halved(string memory, int maxTdmrs)
    {
        ulong distance = Machine.Address("20M");
        HostMemory host = HostMemory.Create(
            Machine.Regions(memory),
            cmrs: null,
            Machine.Ranges(memory).SelectMany(range =>
                Enumerable.Range(0, (int)(range.Size / distance) + 1).Select(i => range.Start + ((ulong)i * distance))
                    .Select(static page => new BlockedRange(
                        AddressRange.Create(page, page + AddressRange.PageBytes), BlockedKind.Unmovable))));
        ModuleParameters module = new() { MaxTdmrs = maxTdmrs, MaxReservedAreas = 100 };
        return new LayoutSearch(new(host, module, []), Split, KernelModel.Mainline).Run();
    }

    private static bool Works(ReducedHost host, AddressRange[] tdmrs, PlanStrategies strategies) =>
        Layout.Create(host, tdmrs, strategies, KernelModel.Mainline).Failure is null;
}
