using System.Text.Json;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Native;

/// <summary>The options of <c>tdxpamt_module_create</c>: those of <see cref="TdxModuleOptions"/>.</summary>
internal sealed class ModuleOptionsJson : IOptions
{
    internal TdxModuleOptions Options { get; private set; } = new();

    public bool TryRead(ref JsonMembers members, ref Utf8JsonReader reader)
    {
        if (members.Is(ref reader, "release"u8))
            Options = Options with { Release = JsonValues.Release(ref reader) };
        else if (members.Is(ref reader, "packageOfProcessor"u8))
            Options = Options with { PackageOfProcessor = [.. JsonValues.Array(ref reader, JsonValues.Count)] };
        else if (members.Is(ref reader, "physicalAddressBits"u8))
            Options = Options with { PhysicalAddressBits = JsonValues.Count(ref reader) };
        else if (members.Is(ref reader, "keyIdBits"u8))
            Options = Options with { KeyIdBits = JsonValues.Count(ref reader) };
        else if (members.Is(ref reader, "firstPrivateKeyId"u8))
            Options = Options with { FirstPrivateKeyId = JsonValues.Optional(ref reader, JsonValues.Count) };
        else if (members.Is(ref reader, "lastPrivateKeyId"u8))
            Options = Options with { LastPrivateKeyId = JsonValues.Optional(ref reader, JsonValues.Count) };
        else if (members.Is(ref reader, "seamRange"u8))
            Options = Options with { SeamRange = RangeValues.Range(ref reader) };
        else if (members.Is(ref reader, "tdxFeatures0"u8))
            Options = Options with { TdxFeatures0 = JsonValues.Optional(ref reader, JsonValues.Address) };
        else if (members.Is(ref reader, "attributesFixed0"u8))
            Options = Options with { AttributesFixed0 = JsonValues.Optional(ref reader, JsonValues.Address) };
        else if (members.Is(ref reader, "xfamFixed0"u8))
            Options = Options with { XfamFixed0 = JsonValues.Address(ref reader) };
        else
            return false;
        return true;
    }
}
