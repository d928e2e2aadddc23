namespace TdxPamt.Planning;

/// <summary>Looks for a layout that works with some strategies: the kernel's own TDMRs first, then the cheapest others
/// that the strategies allow.</summary>
internal sealed class LayoutSearch(ReducedHost host, PlanStrategies strategies, KernelModel kernel)
{
    /// <summary>How often areas that PAMTs took are fed back into the choice of TDMRs.</summary>
    private const int MaxGuided = 4;

    /// <summary>After that many comparisons no further TDMRs are halved.</summary>
    private const long MaxSteps = 5_000_000;

    private const int MaxTried = 1 << (PartitionSearch.SmallUnits - 1);

    private readonly bool _merge = strategies.Has(PlanStrategies.MergeAreas);
    private readonly AddressRange[] _holes = host.Holes(kernel, strategies);

    /// <summary>Looks for the layout.</summary>
    internal LayoutResult Run()
    {
        TdmrFailure? failure = host.KernelFailure(kernel);
        bool exhausted = failure is { Code: TdmrFailureCode.TdmrsExhausted };
        if (!exhausted && failure is not null)
            return new(null, failure);
        if (TryFindOutsideCmrs(out AddressRange outside))
            return new(null, TdmrFailures.NotConvertible(outside));
        LayoutResult result = exhausted ? new(null, failure) : new(Create(host.KernelTdmrs));
        bool split = strategies.Has(PlanStrategies.SplitTdmrs);
        if (result.Failure is not null && split && !exhausted)
        {
            result = Search(split: true, join: false);
            exhausted = result.Failure is { Code: TdmrFailureCode.TdmrsExhausted };
        }

        return result.Failure is not null && exhausted && strategies.Has(PlanStrategies.JoinTdmrs)
            ? Search(split, join: true)
            : result;
    }

    /// <summary>The first memory block with a part in no CMR, which holes from the CMRs would cover.</summary>
    private bool TryFindOutsideCmrs(out AddressRange outside)
    {
        outside = default;
        if (!strategies.Has(PlanStrategies.HolesFromCmrs))
            return false;
        foreach (AddressRange block in host.Memory.TdxMemoryRanges)
        {
            if (AddressRanges.Contains(host.Memory.Cmrs.Span, block))
                continue;
            outside = block;
            return true;
        }

        return false;
    }

    private Layout Create(AddressRange[] tdmrs) => Layout.Create(host, tdmrs, strategies, kernel);

    /// <summary>Tries the cheapest partition and, where PAMTs spoil it, others.</summary>
    private LayoutResult Search(bool split, bool join)
    {
        PartitionSolution solution = host.Partition(_holes, split, join);
        LayoutResult result = solution.IsFeasible
            ? new(Guide(Create(solution.Cheapest()), split, join))
            : new(null, TdmrFailures.TdmrsExhausted(
                kernel,
                Math.Max(host.KernelTdmrs.Length, solution.UnboundedMin.Tdmrs),
                host.Module.MaxTdmrs));
        // A PAMT that fills the gap between two holes makes good a partition that seems to have too many.
        return solution.IsSmall
            ? Improve(result, _merge ? host.Partition([], split, join) : solution)
            : result;
    }

    /// <summary>Feeds the areas that PAMTs took back into the choice of TDMRs, and halves TDMRs whose PAMTs find no
    /// room, as long as a layout fails.</summary>
    private Layout Guide(Layout layout, bool split, bool join)
    {
        for (int i = 1; i < MaxGuided && layout.Failure is not null; i++)
        {
            if (Guided(layout, split, join) is not { } tdmrs || tdmrs.AsSpan().SequenceEqual(layout.Tdmrs))
                break;
            layout = Create(tdmrs);
        }

        long maxSteps = host.Steps.Taken + MaxSteps;
        while (split && layout.Failure is { Code: TdmrFailureCode.PamtAllocationFailed } failure
            && layout.Tdmrs.Length < host.Module.MaxTdmrs && failure.Range!.Value.Size > TdmrInfo.Alignment
            && host.Steps.Taken < maxSteps)
        {
            layout = Create(Halve(layout.Tdmrs, failure));
        }

        return layout;
    }

    /// <summary>The cheapest partition where the areas that PAMTs took last time are areas as holes are; null where
    /// there is none.</summary>
    private AddressRange[]? Guided(Layout last, bool split, bool join)
    {
        AddressRange[] areas = _merge
            ? AddressRanges.Union(_holes, last.Chunks)
            : [.. _holes, .. last.Chunks.Where(chunk => !AddressRanges.Overlaps(_holes, chunk))];
        Array.Sort(areas, AddressRange.Compare);
        PartitionGraph graph = new(host.KernelTdmrs, areas, host.Module, split, join);
        host.Steps.Take(graph.EdgeCount);
        PartitionSolution solution = new PartitionSearch(graph).Run();
        return solution.IsFeasible ? solution.Cheapest() : null;
    }

    /// <summary>Tries all partitions that are cheaper than the one found.</summary>
    private LayoutResult Improve(LayoutResult found, PartitionSolution solution)
    {
        Layout? best = found.Failure is null ? found.Layout : null;
        PartitionCost? incumbent =
            best is null ? null : PartitionCost.WithoutHoles(best.Tdmrs, host.Module);
        PartitionBranchAndBound search = new(solution, MaxTried, tdmrs =>
        {
            Layout tried = Create(tdmrs);
            if (tried.Failure is not null)
                return false;
            best = tried;
            return true;
        });
        search.Run(incumbent);
        return best is null ? found : new(best);
    }

    /// <summary>Halves a TDMR whose PAMTs find no room. Where no run of free pages is long enough for them, the
    /// PAMTs of every TDMR that is no smaller find none either, so all of those are halved at once.</summary>
    private AddressRange[] Halve(AddressRange[] tdmrs, TdmrFailure failure)
    {
        ulong minSize = failure.Range!.Value.Size;
        bool hopeless = !strategies.Has(PlanStrategies.NodePamts)
            && (ulong)failure.Needed!.Value > host.FreePages.LongestRun;
        int count = hopeless ? tdmrs.Count(tdmr => tdmr.Size >= minSize) : 1;
        if (tdmrs.Length + count > host.Module.MaxTdmrs)
            hopeless = false;
        List<AddressRange> halved = [];
        for (int t = 0; t < tdmrs.Length; t++)
        {
            AddressRange tdmr = tdmrs[t];
            if (hopeless ? tdmr.Size < minSize : t != failure.TdmrIndex)
            {
                halved.Add(tdmr);
                continue;
            }

            ulong middle = tdmr.Start + (tdmr.Size / TdmrInfo.Alignment / 2 * TdmrInfo.Alignment);
            halved.Add(AddressRange.Create(tdmr.Start, middle));
            halved.Add(AddressRange.Create(middle, tdmr.End));
        }

        return [.. halved];
    }
}
