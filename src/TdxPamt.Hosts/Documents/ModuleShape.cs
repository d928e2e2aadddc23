using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>What the module reports, as a document says.</summary>
internal sealed class ModuleShape
{
    private int MaxTdmrs { get; set; } = ModuleParameters.Default.MaxTdmrs;

    private int MaxReservedAreas { get; set; } = ModuleParameters.Default.MaxReservedAreas;

    private ulong PamtEntrySize4K { get; set; } = (ulong)PamtEntrySizes.Default.Page4K;

    private ulong PamtEntrySize2M { get; set; } = (ulong)PamtEntrySizes.Default.Page2M;

    private ulong PamtEntrySize1G { get; set; } = (ulong)PamtEntrySizes.Default.Page1G;

    private int PamtPageBitmapEntryBits { get; set; } = ModuleParameters.Default.PamtPageBitmapEntryBits;

    private int KeyIdBits { get; set; } = ModuleParameters.Default.KeyIdBits;

    /// <summary>Whether it has Dynamic PAMT; null where the document does not say.</summary>
    internal bool? DynamicPamt { get; private set; }

    internal static ModuleShape Read(ref Utf8JsonReader reader)
    {
        ModuleShape shape = new();
        JsonMembers members = new(ref reader);
        while (members.MoveNext(ref reader))
        {
            if (members.Is(ref reader, "maxTdmrs"u8))
                shape.MaxTdmrs = JsonValues.Count(ref reader);
            else if (members.Is(ref reader, "maxReservedAreas"u8))
                shape.MaxReservedAreas = JsonValues.Count(ref reader);
            else if (members.Is(ref reader, "pamtEntrySize"u8))
                shape.ReadEntrySizes(ref reader);
            else if (members.Is(ref reader, "dynamicPamt"u8))
                shape.DynamicPamt = JsonValues.Optional(ref reader, JsonValues.Boolean);
            else if (members.Is(ref reader, "pamtPageBitmapEntryBits"u8))
                shape.PamtPageBitmapEntryBits = JsonValues.Count(ref reader);
            else if (members.Is(ref reader, "keyIdBits"u8))
                shape.KeyIdBits = JsonValues.Count(ref reader);
            else
                throw new ShapeException(ShapeException.Unknown);
        }

        return shape;
    }

    /// <summary>The parameters, whose intervals are those of <see cref="ModuleParameters"/>.</summary>
    internal ModuleParameters ToParameters() => new()
    {
        MaxTdmrs = InRange(MaxTdmrs, 1, ushort.MaxValue, "maxTdmrs"),
        MaxReservedAreas = InRange(MaxReservedAreas, 0, ushort.MaxValue, "maxReservedAreas"),
        PamtEntrySizes = new(
            EntrySize(PamtEntrySize4K, "4K"), EntrySize(PamtEntrySize2M, "2M"), EntrySize(PamtEntrySize1G, "1G")),
        DynamicPamt = DynamicPamt ?? ModuleParameters.Default.DynamicPamt,
        PamtPageBitmapEntryBits = InRange(PamtPageBitmapEntryBits, 1, ushort.MaxValue, "pamtPageBitmapEntryBits"),
        KeyIdBits = InRange(KeyIdBits, 0, 52, "keyIdBits"),
    };

    private void ReadEntrySizes(ref Utf8JsonReader reader)
    {
        JsonMembers members = new(ref reader);
        while (members.MoveNext(ref reader))
        {
            if (members.Is(ref reader, "4K"u8))
                PamtEntrySize4K = JsonValues.Address(ref reader);
            else if (members.Is(ref reader, "2M"u8))
                PamtEntrySize2M = JsonValues.Address(ref reader);
            else if (members.Is(ref reader, "1G"u8))
                PamtEntrySize1G = JsonValues.Address(ref reader);
            else
                throw new ShapeException(ShapeException.Unknown);
        }
    }

    private static int EntrySize(ulong bytes, string size) =>
        InRange((int)Math.Min(bytes, int.MaxValue), 1, ushort.MaxValue, $"pamtEntrySize.{size}");

    private static int InRange(int value, int min, int max, string property) => value >= min && value <= max
        ? value
        : throw new ShapeException($"it must be from {min} to {max}", $"module.{property}");
}
