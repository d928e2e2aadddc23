namespace TdxPamt.Planning;

/// <summary>The strategy <c>adjacent-pamts</c>: where PAMTs cost no reserved area, or only areas that are
/// left.</summary>
/// <remarks>
/// Chunks are placed at the ends of free runs alone, so a run only ever shrinks. The number of areas is counted along;
/// it may come out too high where two nodes touch, never too low.
/// </remarks>
internal sealed class AdjacentPlacement
{
    /// <summary>How large a gap may be to be tried to fill exactly, in pages.</summary>
    private const int MostFillPages = 1024;

    private readonly PlanHost _host;
    private readonly AddressRange[] _tdmrs;
    private readonly AddressRange[] _holes;
    private readonly int[] _areas;
    private readonly int _limit;
    private readonly bool _merge;
    private readonly List<FreeRun>?[] _runs = new List<FreeRun>?[MemoryRegion.MaxNode + 1];
    private readonly List<FreeRun> _spare = [];

    internal AdjacentPlacement(PlanHost host, AddressRange[] tdmrs, AddressRange[] holes, int limit, bool merge)
    {
        _host = host;
        _tdmrs = tdmrs;
        _holes = holes;
        _limit = limit;
        _merge = merge;
        _areas = Array.ConvertAll(AreaLayout.Of(host, tdmrs, holes, [], merge), static areas => areas.Count);
        foreach (Zone zone in host.FreePages.Zones)
        {
            List<FreeRun> runs = _runs[zone.Node] ??= [];
            foreach (PageRun run in zone.Runs)
                runs.Add(RunOf(run));
        }

        if (host.ExcludedRam.Length == 0)
            return;
        foreach (Zone zone in host.SparePages.Zones)
        {
            foreach (PageRun run in zone.Runs)
                _spare.Add(RunOf(run));
        }
    }

    /// <summary>How many areas each TDMR has, as it is counted along.</summary>
    internal ReadOnlySpan<int> Areas => _areas;

    /// <summary>Places chunks.</summary>
    /// <returns>The first that found no room, or null.</returns>
    internal PamtRequest? Place(List<PamtRequest> requests)
    {
        if (_merge)
            FillGaps(requests);
        FillSpare(requests);
        foreach (PamtRequest request in requests)
        {
            if (request.Chunk.Size == 0 && !TryPlace(request))
                return request;
        }

        return null;
    }

    private FreeRun RunOf(PageRun run)
    {
        AddressRange range = run.ToRange();
        return new(range, IsReservedBelow(range.Start), IsReservedAbove(range.End));
    }

    private bool IsReservedBelow(ulong address)
    {
        int block = AddressRanges.FirstEndingAbove(_host.Memory.TdxMemoryRanges, address - 1);
        if (block < _host.Memory.TdxMemoryRanges.Length && _host.Memory.TdxMemoryRanges[block].Start < address)
            return false;
        ulong ramEnd = block == 0 ? 0 : _host.Memory.TdxMemoryRanges[block - 1].End;
        return RangeSet.Overlap(_holes, Math.Max(ramEnd, TdmrStart(address)), address);
    }

    private bool IsReservedAbove(ulong address)
    {
        int block = AddressRanges.FirstEndingAbove(_host.Memory.TdxMemoryRanges, address);
        ulong ramStart = block < _host.Memory.TdxMemoryRanges.Length
            ? _host.Memory.TdxMemoryRanges[block].Start
            : AddressRange.Limit;
        int tdmr = AddressRanges.FirstEndingAbove(_tdmrs, address - 1);
        ulong end = tdmr < _tdmrs.Length ? _tdmrs[tdmr].End : AddressRange.Limit;
        return RangeSet.Overlap(_holes, address, Math.Min(ramStart, end));
    }

    /// <summary>Where the TDMR starts that holds the page below an address; that address where none does.</summary>
    private ulong TdmrStart(ulong address)
    {
        int tdmr = AddressRanges.FirstEndingAbove(_tdmrs, address - 1);
        return tdmr < _tdmrs.Length ? Math.Min(_tdmrs[tdmr].Start, address) : address;
    }

    private bool TryPlace(PamtRequest request)
    {
        ReadOnlySpan<int> order = _host.Memory.FallbackOrder(request.Node);
        return (_merge && TryPlace(request, order, mostNew: 0)) || TryPlace(request, order, mostNew: 1)
            || TryPlace(request, order, mostNew: int.MaxValue);
    }

    /// <summary>Takes the first place, in the order of nodes and zones, that costs at most so many areas and leaves
    /// every TDMR within its limit; with no bound, the first place at all.</summary>
    private bool TryPlace(PamtRequest request, ReadOnlySpan<int> order, int mostNew)
    {
        foreach (int node in order)
        {
            if (node >= _runs.Length || _runs[node] is not { } runs)
                continue;
            foreach (FreeRun run in runs)
            {
                if (run.Size < request.Bytes)
                    continue;
                for (int end = 0; end < 2; end++)
                {
                    if (mostNew != int.MaxValue && !Fits(run, request.Bytes, atEnd: end == 1, mostNew))
                        continue;
                    Take(request, run, atEnd: end == 1);
                    return true;
                }
            }
        }

        return false;
    }

    private bool Fits(FreeRun run, ulong bytes, bool atEnd, int mostNew)
    {
        ulong start = atEnd ? run.End - bytes : run.Start;
        ulong end = start + bytes;
        int t = AddressRanges.FirstEndingAbove(_tdmrs, start);
        for (; t < _tdmrs.Length && _tdmrs[t].Start < end; t++)
        {
            int added = AreasAdded(run, start, end, t);
            if (added > mostNew || (added > 0 && _areas[t] + added > _limit))
                return false;
        }

        return true;
    }

    /// <summary>How many areas a chunk at an end of a run adds to a TDMR: -1 where it fills all between two.</summary>
    private int AreasAdded(FreeRun run, ulong start, ulong end, int t)
    {
        if (!_merge)
            return 1;
        bool below = start == run.Start && run.ReservedBelow && start > _tdmrs[t].Start;
        bool above = end == run.End && run.ReservedAbove && end < _tdmrs[t].End;
        return 1 - (below ? 1 : 0) - (above ? 1 : 0);
    }

    private void Take(PamtRequest request, FreeRun run, bool atEnd)
    {
        ulong start = atEnd ? run.End - request.Bytes : run.Start;
        ulong end = start + request.Bytes;
        int t = AddressRanges.FirstEndingAbove(_tdmrs, start);
        for (; t < _tdmrs.Length && _tdmrs[t].Start < end; t++)
            _areas[t] += AreasAdded(run, start, end, t);
        request.PlaceAt(run.Take(request.Bytes, atEnd));
    }

    /// <summary>Puts as much as fits into RAM that is left out, the largest chunks first: it costs no area there, as
    /// such RAM is a hole or in no TDMR.</summary>
    private void FillSpare(List<PamtRequest> requests)
    {
        if (_spare.Count == 0)
            return;
        foreach (PamtRequest request in requests.OrderByDescending(static request => request.Bytes))
        {
            if (request.Chunk.Size == 0 && _spare.Find(run => run.Size >= request.Bytes) is { } spare)
                request.PlaceAt(spare.Take(request.Bytes, atEnd: false));
        }
    }

    /// <summary>Fills gaps between two areas of TDMRs that have too many with chunks that sum up to them exactly.
    /// </summary>
    private void FillGaps(List<PamtRequest> requests)
    {
        ChunkSums? sums = null;
        for (int t = 0; t < _tdmrs.Length; t++)
        {
            if (_areas[t] <= _limit)
                continue;
            foreach (FreeRun gap in GapsOf(_tdmrs[t]))
            {
                sums ??= new ChunkSums(requests, MostFillPages);
                foreach (PamtRequest request in sums.Find(gap.Size))
                {
                    Take(request, gap, atEnd: false);
                    sums = null;
                }

                if (_areas[t] <= _limit)
                    break;
            }
        }
    }

    /// <summary>The RAM between two areas of a TDMR, the smallest first.</summary>
    private List<FreeRun> GapsOf(AddressRange tdmr)
    {
        List<FreeRun> gaps = [];
        foreach (List<FreeRun>? runs in _runs)
        {
            if (runs is not null)
            {
                gaps.AddRange(runs.FindAll(run =>
                    run.ReservedBelow && run.ReservedAbove && run.Start > tdmr.Start && run.End < tdmr.End));
            }
        }

        gaps.Sort(static (left, right) =>
            left.Size != right.Size ? left.Size.CompareTo(right.Size) : left.Start.CompareTo(right.Start));
        return gaps;
    }
}
