namespace TdxPamt.Hosts;

/// <summary>What a host's RAM is known from, strongest first; docs/model.md#boot-log.</summary>
public enum MemoryEvidence
{
    /// <summary>A host document.</summary>
    Document,

    /// <summary>The boot log's "Early memory node ranges": the kernel's own list, with nodes.</summary>
    NodeRanges,

    /// <summary>The boot log's e820 map, with the nodes of the SRAT.</summary>
    E820WithSrat,

    /// <summary>The boot log's e820 map alone: nodes are not known.</summary>
    E820,

    /// <summary>/proc/iomem: nodes are not known.</summary>
    Iomem,

    /// <summary>The CMRs, taken for RAM where there is no memory map: nodes are not known.</summary>
    Cmrs,

    /// <summary>Nothing: the log has lines about TDX, but none that says what memory there is.</summary>
    None,
}
