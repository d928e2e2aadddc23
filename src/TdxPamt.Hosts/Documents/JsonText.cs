using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>What host and plan documents write alike.</summary>
internal static class JsonText
{
    /// <summary>No less than quotes and control characters is escaped: the output is no part of a web page.</summary>
    internal static JsonWriterOptions Options(bool indented) => new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = indented,
        NewLine = "\n",
        SkipValidation = true,
    };

    /// <summary>Writes an address, a size or a status: a hex string.</summary>
    internal static void WriteHex(Utf8JsonWriter writer, ReadOnlySpan<byte> property, ulong value)
    {
        Span<byte> text = stackalloc byte[18];
        text[0] = (byte)'0';
        text[1] = (byte)'x';
        Utf8Formatter.TryFormat(value, text[2..], out int digits, 'x');
        writer.WriteString(property, text[..(2 + digits)]);
    }

    internal static void WriteEnds(Utf8JsonWriter writer, AddressRange range)
    {
        WriteHex(writer, "start"u8, range.Start);
        WriteHex(writer, "end"u8, range.End);
    }

    internal static void WriteRanges(Utf8JsonWriter writer, ReadOnlySpan<byte> property, ValueList<AddressRange> ranges)
    {
        writer.WriteStartArray(property);
        foreach (AddressRange range in ranges)
        {
            writer.WriteStartObject();
            WriteEnds(writer, range);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    internal static void WriteModule(Utf8JsonWriter writer, ModuleParameters module)
    {
        writer.WriteStartObject("module"u8);
        writer.WriteNumber("maxTdmrs"u8, module.MaxTdmrs);
        writer.WriteNumber("maxReservedAreas"u8, module.MaxReservedAreas);
        writer.WriteStartObject("pamtEntrySize"u8);
        writer.WriteNumber("4K"u8, module.PamtEntrySizes.Page4K);
        writer.WriteNumber("2M"u8, module.PamtEntrySizes.Page2M);
        writer.WriteNumber("1G"u8, module.PamtEntrySizes.Page1G);
        writer.WriteEndObject();
        writer.WriteBoolean("dynamicPamt"u8, module.DynamicPamt);
        writer.WriteNumber("pamtPageBitmapEntryBits"u8, module.PamtPageBitmapEntryBits);
        writer.WriteNumber("keyIdBits"u8, module.KeyIdBits);
        writer.WriteEndObject();
    }
}
