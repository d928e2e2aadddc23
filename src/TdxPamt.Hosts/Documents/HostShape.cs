using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>A host document as it is read.</summary>
internal sealed class HostShape
{
    internal string? Name { get; set; }

    internal MemoryRegion[]? Memory { get; set; }

    internal AddressRange[]? Cmrs { get; set; }

    internal BlockedRange[]? Blocked { get; set; }

    internal MovableZone[]? Movable { get; set; }

    internal int[][]? FallbackOrder { get; set; }

    internal int[][]? Distances { get; set; }

    internal HostUnknown[]? Unknown { get; set; }

    internal KernelModel? Kernel { get; set; }

    internal ModuleShape? Module { get; set; }

    /// <summary>Reads a document whatever its form, and says what is wrong with it.</summary>
    internal static HostShape Read(ref Utf8JsonReader reader)
    {
        HostShape shape = new();
        reader.Read();
        JsonMembers members = new(ref reader);
        while (members.MoveNext(ref reader))
        {
            if (members.Is(ref reader, "name"u8))
                shape.Name = JsonValues.Text(ref reader);
            else if (members.Is(ref reader, "memory"u8))
                shape.Memory = JsonValues.Array(ref reader, RangeValues.Region);
            else if (members.Is(ref reader, "cmrs"u8))
                shape.Cmrs = JsonValues.Array(ref reader, RangeValues.Range);
            else if (members.Is(ref reader, "blocked"u8))
                shape.Blocked = JsonValues.Array(ref reader, RangeValues.Blocked);
            else if (members.Is(ref reader, "movable"u8))
                shape.Movable = JsonValues.Array(ref reader, RangeValues.Movable);
            else if (members.Is(ref reader, "fallbackOrder"u8))
                shape.FallbackOrder = JsonValues.Rows(ref reader);
            else if (members.Is(ref reader, "distances"u8))
                shape.Distances = JsonValues.Rows(ref reader);
            else if (members.Is(ref reader, "unknown"u8))
                shape.Unknown = JsonValues.Array(ref reader, JsonValues.Unknown);
            else if (members.Is(ref reader, "kernel"u8))
                shape.Kernel = JsonValues.Kernel(ref reader);
            else if (members.Is(ref reader, "module"u8))
                shape.Module = ModuleShape.Read(ref reader);
            else
                throw new ShapeException(ShapeException.Unknown);
        }

        return shape;
    }
}
