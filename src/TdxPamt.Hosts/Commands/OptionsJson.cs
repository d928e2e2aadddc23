using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>Reads options into their shapes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    Converters = [typeof(CountConverter), typeof(KernelConverter), typeof(ReleaseConverter)])]
[JsonSerializable(typeof(KernelOptionsShape))]
[JsonSerializable(typeof(PlanOptionsShape))]
[JsonSerializable(typeof(CheckOptionsShape))]
[JsonSerializable(typeof(CompareOptionsShape))]
[JsonSerializable(typeof(CostOptionsShape))]
[JsonSerializable(typeof(SimulateOptionsShape))]
internal sealed partial class OptionsJson : JsonSerializerContext
{
    private const string Name = "options";

    /// <summary>Reads options; empty means none.</summary>
    internal static T Read<T>(ReadOnlySpan<byte> options, JsonTypeInfo<T> type)
        where T : class, new()
    {
        if (options.IsEmpty)
            return new T();
        try
        {
            return JsonSerializer.Deserialize(options, type) ?? throw new ShapeException("it must be an object");
        }
        catch (JsonException exception)
        {
            throw JsonRefusal.Create(Name, line: null, linesBefore: 0, exception);
        }
    }
}

/// <summary>Releases of the module, by name.</summary>
internal sealed class ReleaseConverter : ReadingConverter<TdxModuleRelease>
{
    public override TdxModuleRelease Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
        && TdxModuleRelease.TryParse(reader.GetString(), out TdxModuleRelease? release)
            ? release
            : throw new ShapeException($"it must be one of {string.Join(", ", TdxModuleRelease.All)}");
}
