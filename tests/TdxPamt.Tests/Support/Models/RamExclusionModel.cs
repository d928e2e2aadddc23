namespace TdxPamt.Tests.Support;

/// <summary>Every choice of units of a small machine to exclude, and of gaps between holes to close
/// in the TDMRs of the others.</summary>
internal sealed class RamExclusionModel(HostMemory host, AddressRange[] units, AddressRange[] kernelTdmrs, bool join)
{
    private readonly AddressRange[] _ram = [.. host.TdxMemoryBlocks.Select(static block => block.Range)];
    private readonly AddressRange[] _holes = Holes(host);

    /// <summary>The least RAM excluded, the fewest pages with it, the fewest TDMRs with them, and each choice that
    /// reaches these, as text.</summary>
    public (ulong Excluded, ulong Pages, int Tdmrs, HashSet<string> Choices) Best(ModuleParameters module)
    {
        (ulong, ulong, int) best = (ulong.MaxValue, 0, 0);
        HashSet<string> choices = [];
        Walk(0, 0, 0, 0, []);
        return (best.Item1, best.Item2, best.Item3, choices);

        void Walk(int unit, ulong excluded, ulong pages, int tdmrs, List<AddressRange> ranges)
        {
            if (unit == units.Length)
            {
                int order = (excluded, pages, tdmrs).CompareTo(best);
                if (order < 0)
                    choices.Clear();
                best = order < 0 ? (excluded, pages, tdmrs) : best;
                if (order <= 0)
                    choices.Add(string.Join(", ", ranges));
                return;
            }

            Walk(unit + 1, excluded + Ram(units[unit]), pages, tdmrs, [.. ranges, units[unit]]);
            if (tdmrs == module.MaxTdmrs)
                return;
            for (int last = unit; last < units.Length; last++)
            {
                if (last > unit && !join && Array.Exists(kernelTdmrs, tdmr => tdmr.Start == units[last].Start))
                    break;
                AddressRange tdmr = AddressRange.Create(units[unit].Start, units[last].End);
                if (Closed(tdmr, module.MaxReservedAreas) is not { } closed)
                    break;
                Walk(
                    last + 1,
                    closed.Aggregate(excluded, (sum, gap) => sum + Ram(gap)),
                    pages + PamtSizes.Calculate(tdmr.Size, module).TotalPages,
                    tdmrs + 1,
                    [.. ranges, .. closed]);
            }
        }
    }

    /// <summary>The gaps between holes to close so that a TDMR has no more than are allowed;
    /// null where it cannot.</summary>
    private List<AddressRange>? Closed(AddressRange tdmr, int allowed)
    {
        AddressRange[] holes = Array.FindAll(_holes, tdmr.Overlaps);
        if (holes.Length <= allowed)
            return [];
        if (allowed == 0)
            return null;
        return
        [
            .. holes.Zip(holes.Skip(1), static (left, right) => AddressRange.Create(left.End, right.Start))
                .OrderBy(Ram)
                .Take(holes.Length - allowed)
                .OrderBy(static gap => gap.Start),
        ];
    }

    private ulong Ram(AddressRange range) => PlanCheck.Bytes(PlanCheck.Intersect([range], _ram));

    private static AddressRange[] Holes(HostMemory host)
    {
        List<AddressRange> holes = [];
        ulong position = 0;
        foreach (AddressRange ram in PlanCheck.Normalize(host.TdxMemoryBlocks.Select(static block => block.Range)))
        {
            if (ram.Start > position)
                holes.Add(AddressRange.Create(position, ram.Start));
            position = ram.End;
        }

        holes.Add(AddressRange.Create(position, AddressRange.Limit));
        return [.. holes];
    }
}
