namespace TdxPamt.Planning;

/// <summary>A chunk of pages that is wanted, and the PAMTs that it will hold one after the other.</summary>
internal sealed class PamtRequest
{
    private readonly List<(int Tdmr, PageSize Level, ulong Bytes)> _pamts = [];

    private PamtRequest(int node)
    {
        Node = node;
    }

    /// <summary>The node it is wanted on.</summary>
    internal int Node { get; }

    /// <summary>The first TDMR that it is for.</summary>
    internal int Tdmr => _pamts[0].Tdmr;

    /// <summary>How many bytes are wanted.</summary>
    internal ulong Bytes { get; private set; }

    /// <summary>Where the chunk is; <c>default</c> until it is found.</summary>
    internal AddressRange Chunk { get; private set; }

    /// <summary>What to ask for, in order: one chunk per TDMR or, by strategy, per node, or one for
    /// each page size.</summary>
    internal static List<PamtRequest> Create(ReadOnlySpan<UnplacedTdmr> tdmrs, PlanStrategies strategies)
    {
        bool bySize = strategies.Has(PlanStrategies.ThreeChunks);
        bool byNode = strategies.Has(PlanStrategies.NodePamts);
        List<PamtRequest> requests = [];
        Dictionary<(int Group, PageSize Level), PamtRequest> open = [];
        for (int t = 0; t < tdmrs.Length; t++)
        {
            int node = tdmrs[t].Node;
            foreach (PageSize level in PageSizes.All)
            {
                (int, PageSize) key = (byNode ? node : t, bySize ? level : PageSize.Page4K);
                if (!open.TryGetValue(key, out PamtRequest? request))
                {
                    request = new PamtRequest(node);
                    open.Add(key, request);
                    requests.Add(request);
                }

                ulong bytes = tdmrs[t].Sizes[level];
                request._pamts.Add((t, level, bytes));
                request.Bytes += bytes;
            }
        }

        return requests;
    }

    /// <summary>Lays the PAMTs into a chunk.</summary>
    internal void PlaceAt(ulong address) => Chunk = AddressRange.Create(address, address + Bytes);

    /// <summary>Says where each PAMT lies, by the TDMR's index times 3 plus the level.</summary>
    internal void WriteTo(Span<Pamt> pamts)
    {
        ulong position = Chunk.Start;
        foreach ((int tdmr, PageSize level, ulong bytes) in _pamts)
        {
            pamts[(3 * tdmr) + (int)level] = new(position, bytes);
            position += bytes;
        }
    }
}
