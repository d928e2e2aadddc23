namespace TdxPamt.Planning;

/// <summary>A chunk of pages that is wanted, and the PAMTs that it will hold one after the other.</summary>
internal sealed class PamtRequest
{
    private readonly UnplacedTdmr[] _tdmrs;

    /// <summary>The page size whose PAMTs it is for; null for all three.</summary>
    private readonly PageSize? _level;

    /// <summary>The TDMRs after the first.</summary>
    private List<int>? _others;

    private PamtRequest(UnplacedTdmr[] tdmrs, int first, PageSize? level)
    {
        _tdmrs = tdmrs;
        _level = level;
        Tdmr = first;
        Bytes = BytesOf(first);
    }

    /// <summary>The node it is wanted on.</summary>
    internal int Node => _tdmrs[Tdmr].Node;

    /// <summary>The first TDMR that it is for.</summary>
    internal int Tdmr { get; }

    /// <summary>How many bytes are wanted.</summary>
    internal ulong Bytes { get; private set; }

    /// <summary>Where the chunk is; <c>default</c> until it is found.</summary>
    internal AddressRange Chunk { get; private set; }

    /// <summary>What to ask for, in order: one chunk per TDMR or, by strategy, per node, or one for
    /// each page size.</summary>
    internal static List<PamtRequest> Create(UnplacedTdmr[] tdmrs, PlanStrategies strategies)
    {
        ReadOnlySpan<PageSize?> levels =
            strategies.Has(PlanStrategies.ThreeChunks) ? [PageSize.Page4K, PageSize.Page2M, PageSize.Page1G] : [null];
        Dictionary<int, int>? firstOfNode = strategies.Has(PlanStrategies.NodePamts) ? [] : null;
        List<PamtRequest> requests = [];
        for (int t = 0; t < tdmrs.Length; t++)
        {
            if (firstOfNode is not null && firstOfNode.TryGetValue(tdmrs[t].Node, out int first))
            {
                for (int i = 0; i < levels.Length; i++)
                    requests[first + i].Add(t);
                continue;
            }

            firstOfNode?.Add(tdmrs[t].Node, requests.Count);
            foreach (PageSize? level in levels)
                requests.Add(new(tdmrs, t, level));
        }

        return requests;
    }

    /// <summary>Lays the PAMTs into a chunk.</summary>
    internal void PlaceAt(ulong address) => Chunk = AddressRange.Create(address, address + Bytes);

    /// <summary>Says where each PAMT lies, by the TDMR's index times 3 plus the level.</summary>
    internal void WriteTo(Span<Pamt> pamts)
    {
        ulong position = Chunk.Start;
        Write(Tdmr, pamts, ref position);
        foreach (int tdmr in _others ?? [])
            Write(tdmr, pamts, ref position);
    }

    private void Add(int tdmr)
    {
        (_others ??= []).Add(tdmr);
        Bytes += BytesOf(tdmr);
    }

    private ulong BytesOf(int tdmr)
    {
        ulong bytes = 0;
        foreach (PageSize level in PageSizes.All)
            bytes += Holds(level) ? _tdmrs[tdmr].Sizes[level] : 0;
        return bytes;
    }

    private void Write(int tdmr, Span<Pamt> pamts, ref ulong position)
    {
        foreach (PageSize level in PageSizes.All)
        {
            if (!Holds(level))
                continue;
            ulong bytes = _tdmrs[tdmr].Sizes[level];
            pamts[(3 * tdmr) + (int)level] = new(position, bytes);
            position += bytes;
        }
    }

    private bool Holds(PageSize level) => _level is null || _level == level;
}
