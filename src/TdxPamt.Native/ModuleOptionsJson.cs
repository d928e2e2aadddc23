using System.Text.Json.Serialization;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Native;

/// <summary>The options of <c>tdxpamt_module_create</c>: those of <see cref="TdxModuleOptions"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class ModuleOptionsJson
{
    private static readonly TdxModuleOptions Unchanged = new();

    public TdxModuleRelease Release { get; set; } = Unchanged.Release;

    public int[] PackageOfProcessor { get; set; } = [.. Unchanged.PackageOfProcessor];

    public int PhysicalAddressBits { get; set; } = Unchanged.PhysicalAddressBits;

    public int KeyIdBits { get; set; } = Unchanged.KeyIdBits;

    public int? FirstPrivateKeyId { get; set; }

    public int? LastPrivateKeyId { get; set; }

    public RangeShape SeamRange { get; set; }

    public ulong? TdxFeatures0 { get; set; }

    public ulong? AttributesFixed0 { get; set; }

    public ulong XfamFixed0 { get; set; } = Unchanged.XfamFixed0;

    internal TdxModuleOptions ToOptions() => new()
    {
        Release = Release,
        PackageOfProcessor = [.. PackageOfProcessor],
        PhysicalAddressBits = PhysicalAddressBits,
        KeyIdBits = KeyIdBits,
        FirstPrivateKeyId = FirstPrivateKeyId,
        LastPrivateKeyId = LastPrivateKeyId,
        SeamRange = SeamRange is { Start: { } start, End: { } end } ? AddressRange.Create(start, end) : default,
        TdxFeatures0 = TdxFeatures0,
        AttributesFixed0 = AttributesFixed0,
        XfamFixed0 = XfamFixed0,
    };
}

/// <summary>Reads <see cref="ModuleOptionsJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    Converters = [typeof(CountConverter), typeof(AddressConverter), typeof(ReleaseConverter)])]
[JsonSerializable(typeof(ModuleOptionsJson))]
internal sealed partial class ModuleJson : JsonSerializerContext;
