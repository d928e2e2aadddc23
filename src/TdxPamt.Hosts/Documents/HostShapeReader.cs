using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Reads host documents straight into their shape, where the serializer takes twice as long.</summary>
internal static class HostShapeReader
{
    [Flags]
    private enum Members
    {
        None = 0,
        Name = 1,
        Memory = 2,
        Cmrs = 4,
        Blocked = 8,
        Movable = 16,
        FallbackOrder = 32,
        Distances = 64,
        Kernel = 128,
        Module = 256,
    }

    /// <summary>Reads a document.</summary>
    /// <returns>The shape; null where anything is wrong: the serializer then says what.</returns>
    internal static HostShape? TryRead(ReadOnlySpan<byte> document)
    {
        if (document.IsEmpty || document[0] != '{')
            return null;
        Utf8JsonReader reader = new(document);
        try
        {
            HostShape shape = new();
            Members missing = (Members)~0;
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                Members member = MemberOf(ref reader) & missing;
                if (member == Members.None)
                    return null;
                missing &= ~member;
                reader.Read();
                if (!TryRead(ref reader, member, shape))
                    return null;
            }

            return reader.Read() ? null : shape;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Members MemberOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("memory"u8) ? Members.Memory
        : reader.ValueTextEquals("name"u8) ? Members.Name
        : reader.ValueTextEquals("cmrs"u8) ? Members.Cmrs
        : reader.ValueTextEquals("blocked"u8) ? Members.Blocked
        : reader.ValueTextEquals("kernel"u8) ? Members.Kernel
        : reader.ValueTextEquals("module"u8) ? Members.Module
        : reader.ValueTextEquals("distances"u8) ? Members.Distances
        : reader.ValueTextEquals("fallbackOrder"u8) ? Members.FallbackOrder
        : reader.ValueTextEquals("movable"u8) ? Members.Movable
        : Members.None;

    private static bool TryRead(ref Utf8JsonReader reader, Members member, HostShape shape)
    {
        switch (member)
        {
            case Members.Memory:
                shape.Memory = MemoryConverter.Read(ref reader);
                return true;
            case Members.Cmrs:
                shape.Cmrs = CmrsConverter.Read(ref reader);
                return true;
            case Members.Blocked:
                shape.Blocked = BlockedConverter.Read(ref reader);
                return true;
            case Members.Movable:
                shape.Movable = MovableConverter.Read(ref reader);
                return true;
            case Members.Distances:
                shape.Distances = RowsConverter.Read(ref reader);
                return true;
            case Members.FallbackOrder:
                shape.FallbackOrder = RowsConverter.Read(ref reader);
                return true;
            case Members.Module when reader.TokenType == JsonTokenType.StartObject:
                shape.Module = JsonSerializer.Deserialize(ref reader, HostJson.Default.ModuleShape)!;
                return true;
            default:
                return TryReadText(ref reader, member, shape);
        }
    }

    private static bool TryReadText(ref Utf8JsonReader reader, Members member, HostShape shape)
    {
        if (reader.TokenType != JsonTokenType.String || !TryGetString(ref reader, out string text))
            return false;
        if (member == Members.Name)
        {
            shape.Name = text;
            return true;
        }

        bool isKernel = KernelModel.TryParse(text, out KernelModel? kernel);
        shape.Kernel = kernel!;
        return member == Members.Kernel && isKernel;
    }

    private static bool TryGetString(ref Utf8JsonReader reader, out string text)
    {
        text = "";
        try
        {
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // It is not UTF-8.
            return false;
        }
    }
}
