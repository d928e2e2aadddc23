namespace TdxPamt;

/// <summary>Where the zones start and end; docs/model.md#zones.</summary>
internal static class ZoneLimits
{
    /// <summary>How many zones a node can have.</summary>
    internal const int Count = 3;

    private const ulong DmaEnd = (16UL << 20) / AddressRange.PageBytes;
    private const ulong Dma32End = (4UL << 30) / AddressRange.PageBytes;

    /// <summary>The zone of a page.</summary>
    internal static MemoryZone ZoneOf(ulong page) =>
        page < DmaEnd ? MemoryZone.Dma : page < Dma32End ? MemoryZone.Dma32 : MemoryZone.Normal;

    /// <summary>The pages that can belong to a zone.</summary>
    internal static PageRun PagesOf(MemoryZone zone) => zone switch
    {
        MemoryZone.Dma => new(0, DmaEnd),
        MemoryZone.Dma32 => new(DmaEnd, Dma32End),
        _ => new(Dma32End, AddressRange.Limit / AddressRange.PageBytes),
    };
}
