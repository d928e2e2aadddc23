using System.Text.Json;
using System.Text.Json.Serialization;

namespace TdxPamt.Hosts;

/// <summary>The shapes of the documents that are read, and what reads them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    Converters = [typeof(CountConverter), typeof(AddressConverter), typeof(MemoryConverter),
        typeof(CmrsConverter), typeof(BlockedConverter), typeof(RowsConverter), typeof(KernelConverter)])]
[JsonSerializable(typeof(HostShape))]
[JsonSerializable(typeof(TdmrSetShape))]
internal sealed partial class HostJson : JsonSerializerContext
{
    /// <summary>No name is longer, in bytes; shorter documents need no look at their size.</summary>
    private const int MaxText = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    internal static ReadOnlySpan<byte> SkipByteOrderMark(ReadOnlySpan<byte> text) =>
        text.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text;

    /// <summary>Refuses a document that would take far more memory than its bytes. What is not valid JSON is left to
    /// whoever reads it.</summary>
    internal static void CheckSize(ReadOnlySpan<byte> document, int maxObjects)
    {
        if (document.Length < MaxText)
            return;
        Utf8JsonReader reader = new(document);
        int objects = 0;
        while (TryRead(ref reader))
        {
            if (reader.TokenType == JsonTokenType.StartObject && ++objects > maxObjects)
                throw new ShapeException($"it has more than {maxObjects} objects");
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String
                && reader.ValueSpan.Length > MaxText)
            {
                throw new ShapeException($"it has a text of more than {MaxText} bytes");
            }
        }
    }

    private static bool TryRead(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Says where and why a document was refused, in a line.</summary>
    internal static HostFormatException Refused(string fileName, long? line, long linesBefore, JsonException exception)
    {
        if (exception.InnerException is JsonException syntax)
        {
            string message = syntax.Message;
            int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            return new(
                fileName,
                line ?? syntax.LineNumber + 1 + linesBefore,
                null,
                $"not valid JSON: {(end < 0 ? message : message[..end])}",
                exception);
        }

        string path = exception.Path ?? "$";
        path = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..];
        if (exception is ShapeException { Property: { } property })
            path = path.Length == 0 || property[0] == '[' ? path + property : $"{path}.{property}";
        return new(fileName, line, path.Length == 0 ? null : path, ReasonOf(exception), exception);
    }

    private static string ReasonOf(JsonException exception)
    {
        if (exception is ShapeException)
            return exception.Message;
        if (exception.Message.StartsWith("Duplicate", StringComparison.Ordinal))
            return ShapeException.Twice;
        return exception.Message.Contains("could not be mapped", StringComparison.Ordinal)
            ? ShapeException.Unknown
            : "it has the wrong type";
    }
}

/// <summary>What a converter or a check found wrong with a document, at a property of where it was found.</summary>
internal sealed class ShapeException(string reason, string? property = null) : JsonException(reason)
{
    internal const string Unknown = "there is no such property";
    internal const string Twice = "it is given twice";
    internal const string Missing = "it is missing";

    internal string? Property => property;
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class HostShape
{
    public string Name { get; set; } = null!;

    public MemoryRegion[] Memory { get; set; } = null!;

    public AddressRange[] Cmrs { get; set; } = null!;

    public BlockedRange[] Blocked { get; set; } = null!;

    public int[][] FallbackOrder { get; set; } = null!;

    public int[][] Distances { get; set; } = null!;

    public KernelModel Kernel { get; set; } = null!;

    public ModuleShape Module { get; set; } = null!;
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class ModuleShape
{
    public int MaxTdmrs { get; set; } = ModuleParameters.Default.MaxTdmrs;

    public int MaxReservedAreas { get; set; } = ModuleParameters.Default.MaxReservedAreas;

    public EntrySizesShape PamtEntrySize { get; set; } = new();

    public bool DynamicPamt { get; set; } = ModuleParameters.Default.DynamicPamt;

    public int PamtPageBitmapEntryBits { get; set; } = ModuleParameters.Default.PamtPageBitmapEntryBits;

    public int KeyIdBits { get; set; } = ModuleParameters.Default.KeyIdBits;

    internal ModuleParameters ToParameters()
    {
        try
        {
            return new()
            {
                MaxTdmrs = MaxTdmrs,
                MaxReservedAreas = MaxReservedAreas,
                PamtEntrySizes = PamtEntrySize.ToSizes(),
                DynamicPamt = DynamicPamt,
                PamtPageBitmapEntryBits = PamtPageBitmapEntryBits,
                KeyIdBits = KeyIdBits,
            };
        }
        catch (ArgumentOutOfRangeException exception)
        {
            // Names and intervals are those of the parameters: "MaxTdmrs must be from 1 to 65535".
            string name = exception.ParamName!;
            string property = name.StartsWith("page", StringComparison.Ordinal)
                ? $"pamtEntrySize.{name[4..]}"
                : JsonNamingPolicy.CamelCase.ConvertName(name);
            string interval = HostFormatException.ReasonOf(exception)[name.Length..];
            throw new ShapeException("it" + interval, $"module.{property}");
        }
    }
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

    internal PamtEntrySizes ToSizes() => new(Page4K, Page2M, Page1G);
}

internal sealed class TdmrSetShape
{
    public string Name { get; set; } = null!;

    public List<RangeShape> Cmrs { get; set; } = null!;

    public List<TdmrShape> Tdmrs { get; set; } = null!;

    public ModuleShape Module { get; set; } = null!;
}

internal struct RangeShape
{
    public ulong? Start { get; set; }

    public ulong? End { get; set; }
}

internal struct TdmrShape
{
    public ulong? Base { get; set; }

    public ulong? Size { get; set; }

    public PamtsShape Pamt { get; set; }

    public List<ReservedAreaShape> ReservedAreas { get; set; }
}

internal sealed class PamtsShape
{
    [JsonPropertyName("4K")]
    public PamtShape Page4K { get; set; } = null!;

    [JsonPropertyName("2M")]
    public PamtShape Page2M { get; set; } = null!;

    [JsonPropertyName("1G")]
    public PamtShape Page1G { get; set; } = null!;
}

internal sealed class PamtShape
{
    public ulong? Base { get; set; }

    public ulong? Size { get; set; }
}

internal struct ReservedAreaShape
{
    public ulong? Offset { get; set; }

    public ulong? Size { get; set; }
}
