using Microsoft.Extensions.Logging.Abstractions;

namespace TdxPamt.Planning;

/// <summary>TDMRs of a machine with their PAMTs placed and their areas reserved, whether that works or not.</summary>
internal sealed class Layout
{
    /// <summary>How many comparisons it takes to place a TDMR's PAMTs or to reserve a hole.</summary>
    private const int StepsEach = 32;

    private readonly UnplacedTdmr[] _unplaced;
    private readonly List<PamtRequest> _requests;

    private Layout(
        AddressRange[] tdmrs,
        UnplacedTdmr[] unplaced,
        List<PamtRequest> requests,
        AddressRange[] chunks,
        ValueList<ReservedArea>[] areas,
        TdmrFailure? failure)
    {
        Tdmrs = tdmrs;
        _unplaced = unplaced;
        _requests = requests;
        Chunks = chunks;
        Areas = areas;
        Failure = failure;
    }

    /// <summary>The TDMRs, ascending.</summary>
    internal AddressRange[] Tdmrs { get; }

    /// <summary>The chunks that hold PAMTs, ascending; fewer than wanted after a failure.</summary>
    internal AddressRange[] Chunks { get; }

    /// <summary>The areas of each TDMR; none where PAMTs found no room.</summary>
    internal ValueList<ReservedArea>[] Areas { get; }

    /// <summary>Why it does not work, or null.</summary>
    internal TdmrFailure? Failure { get; }

    /// <summary>Places the PAMTs of TDMRs and reserves what has to be.</summary>
    internal static Layout Create(
        ReducedHost host, AddressRange[] tdmrs, PlanStrategies strategies, KernelModel kernel)
    {
        int limit = host.Module.MaxReservedAreas;
        bool merge = strategies.Has(PlanStrategies.MergeAreas);
        AddressRange[] holes = host.Holes(kernel, strategies);
        host.Steps.Take(StepsEach * (tdmrs.Length + holes.Length));
        UnplacedTdmr[] unplaced = Array.ConvertAll(tdmrs, tdmr => UnplacedTdmr.Create(
            host.Memory, tdmr, host.Module, FirstBlockNodeLookup.Instance, NullLogger.Instance));
        List<PamtRequest> requests = PamtRequest.Create(unplaced, strategies);
        PamtRequest? failed = strategies.Has(PlanStrategies.AdjacentPamts)
            ? new AdjacentPlacement(host, holes, AreaCounts.Create(host, tdmrs, holes, merge), merge).Place(requests)
            : PlaceAsLinux(host, requests, kernel);
        AddressRange[] chunks =
            [.. requests.Select(static request => request.Chunk).Where(static chunk => chunk.Size > 0)];
        Array.Sort(chunks, AddressRange.Compare);
        if (failed is not null)
        {
            TdmrFailure noPages = TdmrFailures.NoPages(
                failed.Tdmr, tdmrs[failed.Tdmr], failed.Bytes / AddressRange.PageBytes);
            return new(tdmrs, unplaced, requests, chunks, [], noPages);
        }

        ValueList<ReservedArea>[] areas = AreaLayout.Create(host, tdmrs, holes, chunks, merge);
        int exhausted = Array.FindIndex(areas, each => each.Count > limit);
        TdmrFailure? failure = exhausted < 0
            ? null
            : TdmrFailures.AreasExhausted(kernel, exhausted, tdmrs[exhausted], areas[exhausted], limit);
        return new(tdmrs, unplaced, requests, chunks, areas, failure);
    }

    /// <summary>The first TDMR whose PAMTs are in each chunk.</summary>
    internal Dictionary<AddressRange, int> Owners() => _requests
        .Where(static request => request.Chunk.Size > 0)
        .ToDictionary(static request => request.Chunk, static request => request.Tdmr);

    /// <summary>The TDMRs of a layout that works.</summary>
    internal ValueList<TdmrInfo> ToTdmrs()
    {
        Pamt[] pamts = new Pamt[PageSizes.All.Length * Tdmrs.Length];
        foreach (PamtRequest request in _requests)
            request.WriteTo(pamts);
        TdmrInfo[] tdmrs = new TdmrInfo[Tdmrs.Length];
        for (int t = 0; t < tdmrs.Length; t++)
            tdmrs[t] = new(Tdmrs[t], _unplaced[t].Node, pamts[3 * t], pamts[(3 * t) + 1], pamts[(3 * t) + 2], Areas[t]);
        return new(tdmrs);
    }

    private static PamtRequest? PlaceAsLinux(ReducedHost host, List<PamtRequest> requests, KernelModel kernel)
    {
        LinuxPageAllocator allocator = new(host.FreePages, kernel.MovesHugetlb);
        foreach (PamtRequest request in requests)
        {
            ReadOnlySpan<int> order = host.Memory.FallbackOrder(request.Node);
            if (!allocator.TryAllocate(request.Bytes / AddressRange.PageBytes, order, out ulong address))
                return request;
            request.PlaceAt(address);
        }

        return null;
    }
}
