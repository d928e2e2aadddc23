using TdxPamt.Planning;

namespace TdxPamt.Hosts.Report;

/// <summary>Finds the TDMRs that a report shows: the plan's, or where it failed those that the kernel would
/// have needed.</summary>
internal sealed class ReportLayout
{
    private readonly HostPlan _plan;
    private readonly LayoutExplanation? _explanation;
    private readonly bool _fromCmrs;
    private readonly ulong _memoryEnd;

    private ReportLayout(HostPlan plan)
    {
        HostMemory memory = plan.Host.Memory;
        _plan = plan;
        _explanation = plan.Strategies == PlanStrategies.None || !plan.IsConstructed
            ? LayoutExplanation.Create(memory, plan.Kernel, plan.Module)
            : null;
        _fromCmrs = plan.Kernel.TakesHolesFromCmrs || plan.Strategies.HasFlag(PlanStrategies.HolesFromCmrs);
        _memoryEnd = _fromCmrs && memory.Cmrs.Count > 0 ? memory.Cmrs[^1].End
            : memory.TdxMemoryBlocks.Count > 0 ? memory.TdxMemoryBlocks[^1].Range.End
            : 0;
    }

    /// <summary>What the kernel takes holes from, in words.</summary>
    private string Ground => _fromCmrs ? "the CMRs" : "memory";

    internal static IReadOnlyList<ReportTdmr> Create(HostPlan plan)
    {
        ReportLayout layout = new(plan);
        return plan.IsConstructed ? [.. layout.Planned()] : [.. layout._explanation!.Tdmrs.Select(layout.Needed)];
    }

    private List<ReportTdmr> Planned()
    {
        ValueList<TdmrInfo> tdmrs = _plan.Tdmrs;
        (AddressRange Range, int Owner)[] pamts =
        [
            .. tdmrs.SelectMany(static (tdmr, i) => PamtsOf(tdmr).Select(range => (range, i)))
                .OrderBy(static pamt => pamt.range.Start),
        ];
        List<ReportTdmr> planned = [];
        int next = 0;
        for (int t = 0; t < tdmrs.Count; t++)
        {
            List<ReportArea> areas = [];
            int holes = 0;
            for (int i = 0; i < tdmrs[t].ReservedAreas.Count; i++)
            {
                ReservedArea area = tdmrs[t].ReservedAreas[i];
                ulong start = tdmrs[t].Base + area.Offset;
                AddressRange range = AddressRange.Create(start, start + area.Size);
                while (next < pamts.Length && pamts[next].Range.End <= start)
                    next++;
                List<int> owners = OwnersIn(range, pamts.AsSpan(next), out ulong covered);
                bool isHole = covered < range.Size;
                holes += isHole ? 1 : 0;
                AddressRange whole = _explanation?.Tdmrs[t].Areas[i].Whole ?? range;
                areas.Add(new(range, Cause(range, whole, owners, isHole)));
            }

            planned.Add(new(t, tdmrs[t].Range, tdmrs[t].Node, PamtsOf(tdmrs[t]), areas, holes));
        }

        return planned;
    }

    /// <summary>The TDMRs whose PAMTs lie in a range, and how many of its bytes these cover.</summary>
    private static List<int> OwnersIn(
        AddressRange range, ReadOnlySpan<(AddressRange Range, int Owner)> pamts, out ulong covered)
    {
        List<int> owners = [];
        covered = 0;
        foreach ((AddressRange pamt, int owner) in pamts)
        {
            if (pamt.Start >= range.End)
                break;
            covered += pamt.Intersect(range).Size;
            if (!owners.Contains(owner))
                owners.Add(owner);
        }

        return owners;
    }

    private ReportTdmr Needed(TdmrUsage usage)
    {
        FirstBlockNodeLookup.Instance.TryGetNode(_plan.Host.Memory, usage.Range, out int node);
        HashSet<AddressRange> toBlame = [.. usage.HolesToRemove];
        AddressRange[] pamts =
        [
            .. _explanation!.Tdmrs.SelectMany(static tdmr => tdmr.Areas)
                .Where(area => area.PamtsOf == usage.Index)
                .Select(static area => area.Whole)
                .Take(1),
        ];
        ReportArea[] areas =
        [
            .. usage.Areas.Select(area => new ReportArea(
                area.Range,
                Cause(area.Range, area.Whole, area.PamtsOf is { } tdmr ? [tdmr] : [], area.PamtsOf is null)
                    + (toBlame.Contains(area.Whole) ? "; without it the TDMR would fit" : ""))),
        ];
        return new(usage.Index, usage.Range, node, pamts, areas, usage.Holes)
        {
            Advice = usage.Left < 0 ? $"{usage}." : null,
        };
    }

    private string Cause(AddressRange range, AddressRange whole, List<int> owners, bool isHole)
    {
        List<string> causes = [];
        if (owners.Count > 0)
            causes.Add($"PAMTs of TDMR{(owners.Count == 1 ? "" : "s")} {string.Join(", ", owners)}");
        if (_plan.ExcludedRam.Any(range.Overlaps))
            causes.Add("RAM excluded");
        if (isHole)
        {
            causes.Add(
                range is { Start: 0, End: HostMemory.TdxMemoryStart } ? "first 1 MiB, which is no TDX memory"
                : range.Start == 0 ? $"hole before {Ground}"
                : range.Start >= _memoryEnd ? $"end of {Ground}"
                : $"hole in {Ground}");
        }

        bool isWhole = whole == range || whole.End == AddressRange.Limit;
        return string.Join(" and ", causes) + (isWhole ? "" : $", part of {whole}");
    }

    private static IReadOnlyList<AddressRange> PamtsOf(TdmrInfo tdmr) => tdmr.HasPamtChunk
        ? [tdmr.PamtChunk]
        : [tdmr.Pamt4K.Range, tdmr.Pamt2M.Range, tdmr.Pamt1G.Range];
}
