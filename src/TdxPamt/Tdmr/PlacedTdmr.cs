namespace TdxPamt;

/// <summary>A TDMR and the chunk of pages that was allocated for its three PAMTs.</summary>
internal readonly record struct PlacedTdmr(UnplacedTdmr Tdmr, AddressRange Chunk)
{
    /// <summary>The TDMR with its reserved areas.</summary>
    internal TdmrInfo ToInfo(ValueList<ReservedArea> areas)
    {
        PamtSizes sizes = Tdmr.Sizes;
        Pamt page4K = new(Chunk.Start, sizes.Page4K);
        Pamt page2M = new(page4K.Base + page4K.Size, sizes.Page2M);
        Pamt page1G = new(page2M.Base + page2M.Size, sizes.Page1G);
        return new(Tdmr.Range, Tdmr.Node, page4K, page2M, page1G, areas);
    }
}
