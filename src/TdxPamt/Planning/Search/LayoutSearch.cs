using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Planning;

/// <summary>Looks for a layout that works with some strategies: the kernel's own TDMRs first, then the cheapest others
/// that the strategies allow.</summary>
internal sealed class LayoutSearch(PlanStrategies strategies, KernelModel kernel)
{
    /// <summary>How often areas that PAMTs took are fed back into the choice of TDMRs.</summary>
    private const int MostGuided = 4;

    /// <summary>Up to so many units all covers are tried that could be cheaper than the first that works.</summary>
    internal const int SmallUnits = 8;

    private const int MostTried = 1 << (SmallUnits - 1);

    private readonly bool _merge = strategies.Has(PlanStrategies.MergeAreas);
    private readonly bool _cmrHoles = kernel.TakesHolesFromCmrs || strategies.Has(PlanStrategies.HolesFromCmrs);

    /// <summary>Looks for a layout.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="layout">The layout. On failure the nearest one, or null where no TDMRs stay within the
    /// limits.</param>
    /// <param name="failure">Why there is none.</param>
    internal bool TryFind(PlanHost host, out Layout? layout, [NotNullWhen(false)] out TdmrFailure? failure)
    {
        layout = null;
        failure = CheckMemory(host);
        if (failure is not null)
            return false;
        int tdmrs = host.KernelCover.Length;
        bool exhausted = tdmrs > host.Module.MaxTdmrs;
        if (exhausted)
            failure = TdmrFailures.TdmrsExhausted(kernel, tdmrs, host.Module.MaxTdmrs);
        else
            Try(host, host.KernelCover, out layout, out failure);
        bool split = strategies.Has(PlanStrategies.SplitTdmrs);
        if (failure is not null && split && !exhausted)
        {
            Search(host, split: true, join: false, ref layout, ref failure);
            exhausted = failure is { Code: TdmrFailureCode.TdmrsExhausted };
        }

        if (failure is not null && exhausted && strategies.Has(PlanStrategies.JoinTdmrs))
            Search(host, split, join: true, ref layout, ref failure);
        return failure is null;
    }

    /// <summary>The holes by the kernel and the strategies.</summary>
    internal AddressRange[] HolesOf(PlanHost host) => host.Holes(_cmrHoles, _merge);

    private TdmrFailure? CheckMemory(PlanHost host)
    {
        if (host.Memory.TdxMemoryBlocks.Count == 0)
            return TdmrFailures.NoTdxMemory();
        if (kernel.TestsConvertibility && ConvertibleMemory.TryFindOutside(host.Memory, out AddressRange outside))
            return TdmrFailures.NotConvertible(outside);
        if (!_cmrHoles)
            return null;
        AddressRange[] runs = RangeSet.Join(host.Memory.Cmrs.Span);
        foreach (AddressRange block in host.Memory.TdxMemoryRanges)
        {
            if (!AddressRanges.AnyContains(runs, block))
                return TdmrFailures.NotConvertible(block);
        }

        return null;
    }

    private bool Try(PlanHost host, AddressRange[] cover, out Layout? layout, out TdmrFailure? failure)
    {
        layout = Layout.Of(host, cover, strategies, kernel);
        failure = layout.Failure;
        return failure is null;
    }

    private void Search(PlanHost host, bool split, bool join, ref Layout? layout, ref TdmrFailure? failure)
    {
        CoverSearch search = host.Search(_cmrHoles, _merge, split, join);
        if (search.Least == CoverCost.Infinite)
        {
            layout = null;
            failure = TdmrFailures.TdmrsExhausted(
                kernel, Math.Max(host.KernelCover.Length, search.LeastUnbounded.Tdmrs), host.Module.MaxTdmrs);
        }
        else if (!Try(host, search.Cheapest(), out layout, out failure))
        {
            Guide(host, search, split, join, ref layout, ref failure);
        }

        // A PAMT that fills the gap between two holes makes good a cover that seems to have too many.
        if (search.Units <= SmallUnits)
            Improve(host, _merge ? host.SearchWithoutHoles(split, join) : search, ref layout, ref failure);
    }

    private void Guide(
        PlanHost host, CoverSearch search, bool split, bool join, ref Layout? layout, ref TdmrFailure? failure)
    {
        AddressRange[] holes = HolesOf(host);
        AddressRange[] cover = search.Cheapest();
        for (int i = 1; i < MostGuided && failure is not null; i++)
        {
            AddressRange[] guided = Guided(host, layout!, holes, split, join) ?? cover;
            if (guided.AsSpan().SequenceEqual(cover))
                break;
            cover = guided;
            Try(host, cover, out layout, out failure);
        }

        while (split && failure is { Code: TdmrFailureCode.PamtAllocationFailed } && CanHalve(host, cover, failure))
        {
            cover = Halve(cover, failure.TdmrIndex!.Value);
            Try(host, cover, out layout, out failure);
        }
    }

    /// <summary>The cheapest cover where the areas that PAMTs took last time are areas as holes are; null where there
    /// is none.</summary>
    private AddressRange[]? Guided(PlanHost host, Layout last, AddressRange[] holes, bool split, bool join)
    {
        AddressRange[] areas = _merge
            ? RangeSet.Unite(holes, last.Chunks)
            : [.. holes, .. last.Chunks.Where(chunk => !RangeSet.Overlap(holes, chunk.Start, chunk.End))];
        Array.Sort(areas, AddressRange.Compare);
        CoverSearch search = new(host.KernelCover, areas, host.Module, split, join);
        return search.Least == CoverCost.Infinite ? null : search.Cheapest();
    }

    private void Improve(PlanHost host, CoverSearch search, ref Layout? layout, ref TdmrFailure? failure)
    {
        Layout? best = failure is null ? layout : null;
        search.Search(
            MostTried,
            cover =>
            {
                if (!Try(host, cover, out Layout? tried, out _))
                    return false;
                best = tried;
                return true;
            },
            best is null ? null : search.CostOf(best.Cover));
        if (best is null)
            return;
        layout = best;
        failure = null;
    }

    private static bool CanHalve(PlanHost host, AddressRange[] cover, TdmrFailure failure) =>
        cover.Length < host.Module.MaxTdmrs && failure.Range!.Value.Size > TdmrInfo.Alignment;

    private static AddressRange[] Halve(AddressRange[] cover, int index)
    {
        AddressRange tdmr = cover[index];
        ulong middle = tdmr.Start + (tdmr.Size / TdmrInfo.Alignment / 2 * TdmrInfo.Alignment);
        return
        [
            .. cover[..index],
            AddressRange.Create(tdmr.Start, middle),
            AddressRange.Create(middle, tdmr.End),
            .. cover[(index + 1)..],
        ];
    }
}
