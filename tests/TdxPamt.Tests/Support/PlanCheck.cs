using TdxPamt.Planning;

namespace TdxPamt.Tests.Support;

/// <summary>What must be true of every plan, whatever strategies made it; checked with plain sets of ranges.</summary>
internal static class PlanCheck
{
    private const ulong GiB = 1UL << 30;

    /// <summary>Throws where a plan breaks a rule.</summary>
    public static void Check(HostMemory host, ModuleParameters module, MemoryPlan plan)
    {
        AddressRange[] ram = [.. host.TdxMemoryBlocks.Select(static block => block.Range)];
        AddressRange[] blocked = Normalize(host.BlockedRanges
            .Where(block => block.HugePage is null || !plan.Kernel.MovesHugetlb)
            .Select(static block => block.Range));
        List<AddressRange> pamts = [];
        List<AddressRange> free = [];
        ulong pages = 0;
        ulong covered = 0;
        Require(plan.Tdmrs.Count >= 1 && plan.Tdmrs.Count <= module.MaxTdmrs, $"{plan.Tdmrs.Count} TDMRs");
        foreach (TdmrInfo tdmr in plan.Tdmrs)
        {
            Require(tdmr.Base % GiB == 0 && tdmr.Size % GiB == 0 && tdmr.Size > 0, $"{tdmr} is off 1 GiB");
            Require(tdmr.Base >= covered, $"{tdmr} overlaps the one before");
            covered = tdmr.Range.End;
            PamtSizes sizes = PamtSizes.Calculate(tdmr.Size, module);
            foreach (PageSize size in PageSizes.All)
            {
                Require(tdmr.GetPamt(size).Size == sizes[size], $"{tdmr} has a PAMT of another size");
                pamts.Add(AddressRange.Create(tdmr.GetPamt(size).Base, tdmr.GetPamt(size).Base + sizes[size]));
            }

            pages += sizes.TotalPages;
            Require(tdmr.ReservedAreas.Count <= module.MaxReservedAreas, $"{tdmr} has too many areas");
            Require(tdmr.ReservedAreas.Count <= plan.MaxReservedAreasUsed, "areas are miscounted");
            ulong position = tdmr.Base;
            foreach (ReservedArea area in tdmr.ReservedAreas)
            {
                Require(area.Size > 0 && tdmr.Base + area.Offset >= position, $"{tdmr} has disordered areas");
                if (tdmr.Base + area.Offset > position)
                    free.Add(AddressRange.Create(position, tdmr.Base + area.Offset));
                position = tdmr.Base + area.Offset + area.Size;
            }

            Require(position <= tdmr.Range.End, $"an area ends above {tdmr}");
            if (position < tdmr.Range.End)
                free.Add(AddressRange.Create(position, tdmr.Range.End));
        }

        Require(pages == plan.PamtPages, "PAMT pages are miscounted");
        pamts.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        Require(pamts.Zip(pamts.Skip(1)).All(static pair => pair.First.End <= pair.Second.Start), "PAMTs overlap");
        AddressRange[] pamtSet = Normalize(pamts);
        AddressRange[] excluded = Normalize(plan.ExcludedRam);
        Require(Bytes(Intersect(pamtSet, ram)) == Bytes(pamtSet), "a PAMT is not in RAM");
        Require(Bytes(Intersect(pamtSet, blocked)) == 0, "a PAMT is in blocked pages");
        Require(Bytes(Intersect(pamtSet, free)) == 0, "a PAMT is in free space");
        Require(Bytes(Intersect(excluded, ram)) == Bytes(excluded), "what is no RAM is excluded");
        Require(Bytes(Intersect(excluded, pamtSet)) == 0, "a PAMT's pages are excluded");
        Require(Bytes(Intersect(excluded, free)) == 0, "pages are excluded that TDs can use");
        Require(Bytes(excluded) == plan.ExcludedBytes, "excluded bytes are miscounted");
        Require(
            Bytes(Intersect(ram, free)) + Bytes(pamtSet) + Bytes(excluded) == Bytes(ram), "RAM is excluded silently");
        if (!plan.Strategies.HasFlag(PlanStrategies.ExcludeRam) && !plan.Kernel.TakesHolesFromCmrs)
            Require(plan.ExcludedBytes == 0, "RAM is excluded");
        if (!plan.IsAcceptable)
            return;
        AddressRange[] convertible = Normalize(host.Cmrs.Count > 0 ? host.Cmrs : ram);
        Require(Bytes(Intersect(free, convertible)) == Bytes(free), "free space is not convertible");
        Require(Bytes(Intersect(pamtSet, convertible)) == Bytes(pamtSet), "a PAMT is not convertible");
    }

    /// <summary>The ranges sorted, those that touch or overlap taken together.</summary>
    public static AddressRange[] Normalize(IEnumerable<AddressRange> ranges)
    {
        List<AddressRange> set = [];
        foreach (AddressRange range in ranges.OrderBy(static range => range.Start))
        {
            if (set.Count > 0 && set[^1].End >= range.Start)
                set[^1] = AddressRange.Create(set[^1].Start, Math.Max(set[^1].End, range.End));
            else
                set.Add(range);
        }

        return [.. set];
    }

    public static List<AddressRange> Intersect(IReadOnlyList<AddressRange> left, IReadOnlyList<AddressRange> right)
    {
        List<AddressRange> shared = [];
        for (int i = 0, j = 0; i < left.Count && j < right.Count;)
        {
            AddressRange both = left[i].Intersect(right[j]);
            if (both.Size > 0)
                shared.Add(both);
            if (left[i].End < right[j].End)
                i++;
            else
                j++;
        }

        return shared;
    }

    public static ulong Bytes(IEnumerable<AddressRange> ranges) =>
        ranges.Aggregate(0UL, static (bytes, range) => bytes + range.Size);

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(otherwise);
    }
}
