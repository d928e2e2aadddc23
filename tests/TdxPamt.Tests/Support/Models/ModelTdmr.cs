namespace TdxPamt.Tests.Support;

/// <summary>A TDMR of the model.</summary>
internal sealed class ModelTdmr
{
    public ulong Start { get; init; }

    public ulong End { get; init; }

    public int Node { get; set; }

    public ulong Chunk { get; set; }

    public ulong Size4K { get; set; }

    public ulong Size2M { get; set; }

    public ulong Size1G { get; set; }

    public ulong ChunkPages => (Size4K + Size2M + Size1G) / 4096;

    public List<(ulong Offset, ulong Size, string Source)> Areas { get; } = [];
}
