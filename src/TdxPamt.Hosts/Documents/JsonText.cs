using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>What several kinds of documents write.</summary>
internal static class JsonText
{
    private static readonly JsonEncodedText Start = JsonEncodedText.Encode("start");
    private static readonly JsonEncodedText End = JsonEncodedText.Encode("end");
    private static readonly JsonEncodedText Offset = JsonEncodedText.Encode("offset");
    private static readonly JsonEncodedText Base = JsonEncodedText.Encode("base");
    private static readonly JsonEncodedText Size = JsonEncodedText.Encode("size");

    /// <summary>Escapes quotes and control characters alone: the output is not part of a web page.</summary>
    internal static JsonWriterOptions Options(bool indented) => new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = indented,
        NewLine = "\n",
        SkipValidation = true,
    };

    /// <summary>Writes text that may be an input's. Where some of it reorders or hides what stands beside it when it is
    /// shown, all but ASCII is escaped.</summary>
    internal static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> property, string? text)
    {
        if (PrintableText.IsPrintable(text))
            writer.WriteString(property, text);
        else
            writer.WriteString(property, Escaped(text!));
    }

    /// <summary>Text with all but ASCII escaped, as the names of properties that may be an input's are.</summary>
    internal static JsonEncodedText Escaped(string text) => JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes an address, a size or a status: a hex string.</summary>
    internal static void WriteHex(Utf8JsonWriter writer, ReadOnlySpan<byte> property, ulong value)
    {
        writer.WritePropertyName(property);
        WriteHexValue(writer, value);
    }

    internal static void WriteEnds(Utf8JsonWriter writer, AddressRange range) =>
        WriteTwo(writer, Start, range.Start, End, range.End);

    /// <summary>Writes <c>base</c> and <c>size</c>.</summary>
    internal static void WriteExtent(Utf8JsonWriter writer, ulong start, ulong size) =>
        WriteTwo(writer, Base, start, Size, size);

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

    /// <summary>Writes the RAM that a plan excludes, where it excludes any.</summary>
    internal static void WriteExcludedRam(Utf8JsonWriter writer, ValueList<AddressRange> excluded)
    {
        if (excluded.Count > 0)
            WriteRanges(writer, "givenUp"u8, excluded);
    }

    internal static void WriteError(Utf8JsonWriter writer, TdmrFailure failure)
    {
        writer.WriteStartObject("error"u8);
        writer.WriteString("code"u8, failure.Code.ToString());
        writer.WriteString("errno"u8, failure.Errno?.ToString());
        if (failure.TdmrIndex is { } tdmr)
            writer.WriteNumber("tdmr"u8, tdmr);
        WriteText(writer, "message"u8, failure.Message);
        if (failure.Needed is { } needed)
            writer.WriteNumber("needed"u8, needed);
        if (failure.Allowed is { } allowed)
            writer.WriteNumber("allowed"u8, allowed);
        if (failure.Code == TdmrFailureCode.ReservedAreasExhausted)
            WriteReservedAreas(writer, failure.ReservedAreas);
        writer.WriteEndObject();
    }

    internal static void WriteReservedAreas(Utf8JsonWriter writer, ValueList<ReservedArea> areas)
    {
        writer.WriteStartArray("reservedAreas"u8);
        foreach (ReservedArea area in areas)
        {
            writer.WriteStartObject();
            WriteTwo(writer, Offset, area.Offset, Size, area.Size);
            writer.WriteString("source"u8, area.Source == ReservedAreaSource.Hole ? "hole"u8 : "pamt"u8);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    internal static void WriteWarnings(Utf8JsonWriter writer, IReadOnlyList<string> warnings, bool always = false)
    {
        if (warnings.Count == 0 && !always)
            return;
        writer.WriteStartArray("warnings"u8);
        foreach (string warning in warnings)
            writer.WriteStringValue(warning);
        writer.WriteEndArray();
    }

    /// <summary>Writes what is not known; nothing where all is.</summary>
    internal static void WriteUnknown(Utf8JsonWriter writer, IReadOnlyList<HostUnknown> unknown)
    {
        if (unknown.Count == 0)
            return;
        writer.WriteStartArray("unknown"u8);
        foreach (HostUnknown it in unknown)
            writer.WriteStringValue(UnknownWords.Name(it));
        writer.WriteEndArray();
    }

    /// <summary>Writes what to do, the cheapest first; nothing where there is nothing to do.</summary>
    internal static void WriteActions(Utf8JsonWriter writer, ValueList<PlanAction> actions)
    {
        if (actions.Count == 0)
            return;
        writer.WriteStartArray("actions"u8);
        foreach (PlanAction action in actions)
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, action.Kind switch
            {
                PlanActionKind.BootOption => "bootOption"u8,
                PlanActionKind.Kernel => "kernel"u8,
                PlanActionKind.Firmware => "firmware"u8,
                _ => "kernelPatch"u8,
            });
            writer.WriteString("text"u8, action.Text);
            if (action.BootOption is { } option)
                writer.WriteString("bootOption"u8, option);
            if (action.GrubOption is { } grub)
                writer.WriteString("grubOption"u8, grub);
            if (action.Ram.Count > 0)
                WriteRanges(writer, "ram"u8, action.Ram);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTwo(
        Utf8JsonWriter writer, JsonEncodedText first, ulong firstValue, JsonEncodedText second, ulong secondValue)
    {
        writer.WritePropertyName(first);
        WriteHexValue(writer, firstValue);
        writer.WritePropertyName(second);
        WriteHexValue(writer, secondValue);
    }

    /// <summary>Writes a hex string, in which no character needs escaping.</summary>
    private static void WriteHexValue(Utf8JsonWriter writer, ulong value)
    {
        Span<byte> text = stackalloc byte[20];
        "\"0x"u8.CopyTo(text);
        Utf8Formatter.TryFormat(value, text[3..], out int digits, 'x');
        text[3 + digits] = (byte)'"';
        writer.WriteRawValue(text[..(digits + 4)], skipInputValidation: true);
    }
}
