namespace TdxPamt.Planning;

/// <summary>TDMRs over a machine with their PAMTs placed and their areas reserved, whether that works or not.</summary>
internal sealed class Layout
{
    private Layout(AddressRange[] cover, int[] nodes)
    {
        Cover = cover;
        Nodes = nodes;
    }

    /// <summary>The TDMRs, ascending.</summary>
    internal AddressRange[] Cover { get; }

    /// <summary>The node of each.</summary>
    internal int[] Nodes { get; }

    /// <summary>The chunks that hold PAMTs, ascending; fewer than wanted after a failure.</summary>
    internal AddressRange[] Chunks { get; private set; } = [];

    /// <summary>The areas of each TDMR; none where PAMTs found no room.</summary>
    internal ValueList<ReservedArea>[] Areas { get; private set; } = [];

    /// <summary>Why it does not work, or null.</summary>
    internal TdmrFailure? Failure { get; private set; }

    private Pamt[] Pamts { get; set; } = [];

    private List<PamtRequest> Requests { get; set; } = [];

    /// <summary>Places the PAMTs of some TDMRs and reserves what has to be.</summary>
    internal static Layout Of(PlanHost host, AddressRange[] cover, PlanStrategies strategies, KernelModel kernel)
    {
        int limit = host.Module.MaxReservedAreas;
        bool merge = strategies.Has(PlanStrategies.MergeAreas);
        AddressRange[] holes =
            host.Holes(kernel.TakesHolesFromCmrs || strategies.Has(PlanStrategies.HolesFromCmrs), merge);
        Layout layout = new(cover, Array.ConvertAll(cover, tdmr => NodeOf(host.Memory, tdmr)));
        List<PamtRequest> requests = PamtRequest.For(cover, layout.Nodes, strategies, host.Module);
        PamtRequest? unplaced = strategies.Has(PlanStrategies.AdjacentPamts)
            ? new AdjacentPlacement(host, cover, holes, limit, merge).Place(requests)
            : PlaceAsLinux(host, requests);
        layout.Requests = requests;
        layout.Chunks =
            [.. requests.Select(static request => request.Chunk).Where(static chunk => chunk.Size > 0)];
        Array.Sort(layout.Chunks, AddressRange.Compare);
        if (unplaced is not null)
        {
            layout.Failure = TdmrFailures.NoPages(
                unplaced.Tdmr, cover[unplaced.Tdmr], unplaced.Bytes / AddressRange.PageBytes);
            return layout;
        }

        layout.Areas = AreaLayout.Of(host, cover, holes, layout.Chunks, merge);
        int exhausted = Array.FindIndex(layout.Areas, areas => areas.Count > limit);
        if (exhausted >= 0)
        {
            layout.Failure = TdmrFailures.AreasExhausted(
                kernel, exhausted, cover[exhausted], layout.Areas[exhausted], limit);
        }

        layout.Pamts = new Pamt[3 * cover.Length];
        foreach (PamtRequest request in requests)
            request.WriteTo(layout.Pamts);
        return layout;
    }

    /// <summary>The first TDMR whose PAMTs are in a chunk.</summary>
    internal int OwnerOf(AddressRange chunk) => Requests.Find(request => request.Chunk == chunk)!.Tdmr;

    internal ValueList<TdmrInfo> ToTdmrs()
    {
        TdmrInfo[] tdmrs = new TdmrInfo[Cover.Length];
        for (int t = 0; t < tdmrs.Length; t++)
            tdmrs[t] = new(Cover[t], Nodes[t], Pamts[3 * t], Pamts[(3 * t) + 1], Pamts[(3 * t) + 2], Areas[t]);
        return new(tdmrs);
    }

    private static int NodeOf(HostMemory host, AddressRange tdmr)
    {
        FirstBlockNodeLookup.Instance.TryGetNode(host, tdmr, out int node);
        return node;
    }

    private static PamtRequest? PlaceAsLinux(PlanHost host, List<PamtRequest> requests)
    {
        LinuxPageAllocator allocator = new(host.FreePages);
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
