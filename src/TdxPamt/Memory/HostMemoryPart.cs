namespace TdxPamt;

/// <summary>What a <see cref="HostMemory"/> is made of.</summary>
public enum HostMemoryPart
{
    /// <summary>The RAM.</summary>
    Memory,

    /// <summary>The convertible memory regions.</summary>
    Cmrs,

    /// <summary>The fallback orders of nodes.</summary>
    FallbackOrders,

    /// <summary>The distances between nodes.</summary>
    Distances,

    /// <summary>The nodes that have processors.</summary>
    Processors,

    /// <summary>The starts of ZONE_MOVABLE.</summary>
    MovableZones,
}
