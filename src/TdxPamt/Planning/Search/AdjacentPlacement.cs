namespace TdxPamt.Planning;

/// <summary>The strategy <c>adjacent-pamts</c>: where PAMTs cost no reserved area, or only areas
/// that are left.</summary>
/// <remarks>Chunks are placed at the ends of free runs alone, so a run only ever shrinks.</remarks>
internal sealed class AdjacentPlacement
{
    /// <summary>How large a gap may be to be tried to fill exactly, in pages.</summary>
    private const int MaxFillPages = 1024;

    /// <summary>After that many runs were looked at, the rest goes where there is room.</summary>
    private const long MaxLooks = 1_000_000;

    /// <summary>How many comparisons it takes to see what a run is adjacent to.</summary>
    private const int StepsEach = 16;

    private readonly ReducedHost _host;
    private readonly AddressRange[] _holes;
    private readonly AreaCounts _counts;
    private readonly bool _merge;

    /// <summary>The runs of all zones, each from when it is first looked at.</summary>
    private readonly FreeRun?[] _runs;
    private readonly List<FreeRun> _excludedRuns = [];
    private long _looks;

    /// <param name="host">The machine.</param>
    /// <param name="holes">The holes, ascending.</param>
    /// <param name="counts">How many areas each TDMR has without PAMTs; counted on as PAMTs are placed.</param>
    /// <param name="merge">Whether areas that are adjacent or have no RAM between them are one.</param>
    internal AdjacentPlacement(ReducedHost host, AddressRange[] holes, AreaCounts counts, bool merge)
    {
        _host = host;
        _holes = holes;
        _counts = counts;
        _merge = merge;
        int runs = 0;
        foreach (ref readonly Zone zone in host.FreePages.Zones)
            runs += zone.Count;
        _runs = new FreeRun?[runs];
        host.Steps.Take(StepsEach * runs);
        if (host.ExcludedRam.Length == 0)
            return;
        foreach (ref readonly Zone zone in host.ExcludedPages.Zones)
        {
            foreach (PageRun run in zone.Runs)
                _excludedRuns.Add(RunOf(run));
        }
    }

    /// <summary>Places chunks.</summary>
    /// <returns>The first that found no room, or null.</returns>
    internal PamtRequest? Place(List<PamtRequest> requests)
    {
        if (_merge)
            FillGaps(requests);
        FillExcluded(requests);
        PamtRequest? failed = requests.Find(request => request.Chunk.Size == 0 && !TryPlace(request));
        _host.Steps.Take(_looks);
        return failed;
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
        return HasHole(Math.Max(ramEnd, TdmrStart(address)), address);
    }

    private bool IsReservedAbove(ulong address)
    {
        int block = AddressRanges.FirstEndingAbove(_host.Memory.TdxMemoryRanges, address);
        ulong ramStart = block < _host.Memory.TdxMemoryRanges.Length
            ? _host.Memory.TdxMemoryRanges[block].Start
            : AddressRange.Limit;
        int tdmr = AddressRanges.FirstEndingAbove(_counts.Tdmrs, address - 1);
        ulong end = tdmr < _counts.Tdmrs.Length ? _counts.Tdmrs[tdmr].End : AddressRange.Limit;
        return HasHole(address, Math.Min(ramStart, end));
    }

    private bool HasHole(ulong start, ulong end) =>
        AddressRange.TryCreate(start, end, out AddressRange range) && AddressRanges.Overlaps(_holes, range);

    /// <summary>Where the TDMR starts that holds an address; that address where none does.</summary>
    private ulong TdmrStart(ulong address)
    {
        int tdmr = AddressRanges.FirstEndingAbove(_counts.Tdmrs, address);
        return tdmr < _counts.Tdmrs.Length ? Math.Min(_counts.Tdmrs[tdmr].Start, address) : address;
    }

    private bool TryPlace(PamtRequest request)
    {
        ReadOnlySpan<int> order = _host.Memory.FallbackOrder(request.Node);
        if (request.Bytes / AddressRange.PageBytes > _host.FreePages.LongestRun)
            return false;
        if (_looks >= MaxLooks)
            return TryPlace(request, order, maxNew: int.MaxValue);
        return (_merge && TryPlace(request, order, maxNew: 0)) || TryPlace(request, order, maxNew: 1)
            || TryPlace(request, order, maxNew: int.MaxValue);
    }

    /// <summary>Takes the first place, in the order of nodes and zones, that costs at most <paramref name="maxNew"/>
    /// areas and leaves every TDMR within its limit; with no bound, the first place at all.</summary>
    private bool TryPlace(PamtRequest request, ReadOnlySpan<int> order, int maxNew)
    {
        foreach (int node in order)
        {
            foreach (ref readonly Zone zone in _host.FreePages.ZonesOf(node))
            {
                _looks += zone.Count;
                if (FindIn(zone, request.Bytes, maxNew) is not { } found)
                    continue;
                Take(request, found.Run, found.AtEnd);
                return true;
            }
        }

        return false;
    }

    private (FreeRun Run, bool AtEnd)? FindIn(in Zone zone, ulong bytes, int maxNew)
    {
        ulong pages = bytes / AddressRange.PageBytes;
        for (int i = zone.NextLongEnough(0, pages); i < zone.Count; i = zone.NextLongEnough(i + 1, pages))
        {
            FreeRun run = RunAt(zone, i);
            if (run.Size < bytes)
                continue;
            if (maxNew == int.MaxValue || _counts.Fits(run, bytes, atEnd: false, maxNew))
                return (run, AtEnd: false);
            if (_counts.Fits(run, bytes, atEnd: true, maxNew))
                return (run, AtEnd: true);
        }

        return null;
    }

    private FreeRun RunAt(in Zone zone, int i) => _runs[zone.First + i] ??= RunOf(zone.Runs[i]);

    private void Take(PamtRequest request, FreeRun run, bool atEnd)
    {
        _counts.Add(run, request.Bytes, atEnd);
        request.PlaceAt(run.Take(request.Bytes, atEnd));
    }

    /// <summary>Puts as much as fits into excluded RAM, the largest chunks first: it costs no area there, as such RAM
    /// is a hole or in no TDMR.</summary>
    private void FillExcluded(List<PamtRequest> requests)
    {
        if (_excludedRuns.Count == 0)
            return;
        foreach (PamtRequest request in requests.OrderByDescending(static request => request.Bytes))
        {
            if (request.Chunk.Size == 0 && _excludedRuns.Find(it => it.Size >= request.Bytes) is { } run)
                request.PlaceAt(run.Take(request.Bytes, atEnd: false));
        }
    }

    /// <summary>Fills gaps between two areas of TDMRs that have too many with chunks that sum up
    /// to them exactly.</summary>
    private void FillGaps(List<PamtRequest> requests)
    {
        ChunkSums? sums = null;
        for (int t = 0; t < _counts.Tdmrs.Length; t++)
        {
            if (!_counts.IsOverLimit(t))
                continue;
            foreach (FreeRun gap in GapsOf(_counts.Tdmrs[t]))
            {
                sums ??= new ChunkSums(requests, MaxFillPages);
                foreach (PamtRequest request in sums.Find(gap.Size))
                {
                    Take(request, gap, atEnd: false);
                    sums = null;
                }

                if (!_counts.IsOverLimit(t))
                    break;
            }
        }
    }

    /// <summary>The RAM between two areas of a TDMR, the smallest first.</summary>
    private List<FreeRun> GapsOf(AddressRange tdmr)
    {
        List<FreeRun> gaps = [];
        foreach (ref readonly Zone zone in _host.FreePages.Zones)
        {
            int first = PageRun.FirstEndingAbove(zone.Runs, tdmr.Start / AddressRange.PageBytes);
            for (int i = first; i < zone.Count && zone.Runs[i].Start < tdmr.End / AddressRange.PageBytes; i++)
            {
                FreeRun run = RunAt(zone, i);
                if (run.ReservedBelow && run.ReservedAbove && run.Start > tdmr.Start && run.End < tdmr.End)
                    gaps.Add(run);
            }
        }

        gaps.Sort(static (left, right) =>
            left.Size != right.Size ? left.Size.CompareTo(right.Size) : left.Start.CompareTo(right.Start));
        return gaps;
    }
}
