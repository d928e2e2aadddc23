namespace TdxPamt.Planning;

/// <summary>Bounds on what the PAMTs of a machine take, whatever combination of strategies places them.</summary>
internal sealed class PlanBounds
{
    /// <summary>Up to that many TDMRs of the kernel the fewest pages for too many of them are worked out.</summary>
    private const int MaxExactTdmrs = 1024;

    private readonly bool _tooManyTdmrs;
    private readonly ulong _kernelPages;
    private readonly ulong _joinedPages;

    internal PlanBounds(ReducedHost host)
    {
        AddressRange[] tdmrs = host.KernelTdmrs;
        if (tdmrs.Length == 0)
            return;
        _tooManyTdmrs = tdmrs.Length > host.Module.MaxTdmrs;
        _kernelPages = PartitionCost.PagesOf(tdmrs, host.Module);
        // A GiB that is joined to two TDMRs costs more than the rounding that it saves.
        _joinedPages = !_tooManyTdmrs ? PartitionCost.PagesOf(AddressRanges.MergeAdjacent(tdmrs), host.Module)
            : tdmrs.Length <= MaxExactTdmrs ? host.Partition([], split: false, join: true).Min.Pages
            : Pages(AddressRanges.TotalBytes(tdmrs), host);
        ulong rounding = (ulong)PageSizes.All.Length * Math.Min((ulong)host.Module.MaxTdmrs, GiB(tdmrs));
        MaxPamtBytes = (Pages(tdmrs[^1].End - tdmrs[0].Start, host) + rounding) * AddressRange.PageBytes;
    }

    /// <summary>No plan has more bytes of PAMTs.</summary>
    internal ulong MaxPamtBytes { get; }

    /// <summary>No plan of a combination that excludes no RAM has fewer pages of PAMTs: TDMRs are joined only where
    /// they run out, and splitting saves no page.</summary>
    internal ulong MinPages(PlanStrategies strategies) =>
        _tooManyTdmrs || strategies.Has(PlanStrategies.SplitTdmrs | PlanStrategies.JoinTdmrs)
            ? _joinedPages
            : _kernelPages;

    private static ulong Pages(ulong bytes, ReducedHost host) =>
        PamtSizes.CalculateUnchecked(bytes, host.Module).TotalPages;

    private static ulong GiB(AddressRange[] tdmrs) => AddressRanges.TotalBytes(tdmrs) / TdmrInfo.Alignment;
}
