namespace TdxPamt.Hosts;

/// <summary>What a machine's RAM is known from, strongest first.</summary>
public enum MemoryEvidence
{
    /// <summary>A host document, which says it outright.</summary>
    HostDocument,

    /// <summary>The boot log's "Early memory node ranges": the kernel's own list, with nodes.</summary>
    NodeRanges,

    /// <summary>The boot log's e820 map, with the nodes of the SRAT.</summary>
    E820WithSrat,

    /// <summary>The boot log's e820 map alone: nodes are not known.</summary>
    E820,

    /// <summary>/proc/iomem: nodes are not known.</summary>
    Iomem,

    /// <summary>The CMRs, for want of a map: the best guess of RAM. Nodes are not known.</summary>
    Cmrs,
}
