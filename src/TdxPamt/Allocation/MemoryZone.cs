namespace TdxPamt;

/// <summary>The zones that Linux cuts each node's span into; docs/model.md#zones.</summary>
public enum MemoryZone
{
    /// <summary>Below 16 MiB.</summary>
    Dma,

    /// <summary>From 16 MiB to 4 GiB.</summary>
    Dma32,

    /// <summary>From 4 GiB up.</summary>
    Normal,
}
