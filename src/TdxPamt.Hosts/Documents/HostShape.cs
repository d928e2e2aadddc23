using System.Text.Json.Serialization;

namespace TdxPamt.Hosts;

/// <summary>A host document as it is read.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class HostShape
{
    public string Name { get; set; } = null!;

    public MemoryRegion[] Memory { get; set; } = null!;

    public AddressRange[] Cmrs { get; set; } = null!;

    public BlockedRange[] Blocked { get; set; } = null!;

    public MovableZone[] Movable { get; set; } = null!;

    public int[][] FallbackOrder { get; set; } = null!;

    public int[][] Distances { get; set; } = null!;

    public HostUnknown[] Unknown { get; set; } = null!;

    public KernelModel Kernel { get; set; } = null!;

    public ModuleShape Module { get; set; } = null!;
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class ModuleShape
{
    public int MaxTdmrs { get; set; } = ModuleParameters.Default.MaxTdmrs;

    public int MaxReservedAreas { get; set; } = ModuleParameters.Default.MaxReservedAreas;

    public EntrySizesShape PamtEntrySize { get; set; } = new();

    public bool? DynamicPamt { get; set; }

    public int PamtPageBitmapEntryBits { get; set; } = ModuleParameters.Default.PamtPageBitmapEntryBits;

    public int KeyIdBits { get; set; } = ModuleParameters.Default.KeyIdBits;

    /// <summary>The parameters, whose intervals are those of <see cref="ModuleParameters"/>.</summary>
    internal ModuleParameters ToParameters() => new()
    {
        MaxTdmrs = InRange(MaxTdmrs, 1, ushort.MaxValue, "maxTdmrs"),
        MaxReservedAreas = InRange(MaxReservedAreas, 0, ushort.MaxValue, "maxReservedAreas"),
        PamtEntrySizes = new(
            InRange(PamtEntrySize.Page4K, 1, ushort.MaxValue, "pamtEntrySize.4K"),
            InRange(PamtEntrySize.Page2M, 1, ushort.MaxValue, "pamtEntrySize.2M"),
            InRange(PamtEntrySize.Page1G, 1, ushort.MaxValue, "pamtEntrySize.1G")),
        DynamicPamt = DynamicPamt ?? ModuleParameters.Default.DynamicPamt,
        PamtPageBitmapEntryBits = InRange(PamtPageBitmapEntryBits, 1, ushort.MaxValue, "pamtPageBitmapEntryBits"),
        KeyIdBits = InRange(KeyIdBits, 0, 52, "keyIdBits"),
    };

    private static int InRange(int value, int min, int max, string property) => value >= min && value <= max
        ? value
        : throw new ShapeException($"it must be from {min} to {max}", $"module.{property}");
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class EntrySizesShape
{
    [JsonPropertyName("4K")]
    [JsonConverter(typeof(EntrySizeConverter))]
    public int Page4K { get; set; } = PamtEntrySizes.Default.Page4K;

    [JsonPropertyName("2M")]
    [JsonConverter(typeof(EntrySizeConverter))]
    public int Page2M { get; set; } = PamtEntrySizes.Default.Page2M;

    [JsonPropertyName("1G")]
    [JsonConverter(typeof(EntrySizeConverter))]
    public int Page1G { get; set; } = PamtEntrySizes.Default.Page1G;
}
