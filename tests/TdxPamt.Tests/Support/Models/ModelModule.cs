namespace TdxPamt.Tests.Support;

/// <summary>What a module reports, in bare numbers.</summary>
internal sealed record ModelModule
{
    public int MaxTdmrs { get; init; } = 64;

    public int MaxReserved { get; init; } = 16;

    public int Entry4K { get; init; } = 16;

    public int Entry2M { get; init; } = 16;

    public int Entry1G { get; init; } = 16;

    public bool Dynamic { get; init; }

    public int BitmapBits { get; init; } = 1;
}
