using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Summary documents: writes a summary of many hosts as JSON, with all counts, and reads it back.</summary>
/// <remarks>The same summary gives the same bytes. Without state, so safe for many threads.</remarks>
public static class SummaryDocument
{
    /// <summary>Writes a summary.</summary>
    /// <param name="summary">The summary.</param>
    /// <param name="output">Where to write the object, in UTF-8, without a line end.</param>
    /// <param name="indented">Whether to write it on many lines.</param>
    /// <exception cref="ArgumentNullException"><paramref name="summary"/> or <paramref name="output"/>
    /// is null.</exception>
    public static void Write(FleetSummary summary, IBufferWriter<byte> output, bool indented = false)
    {
        Preconditions.NotNull(summary, nameof(summary));
        Preconditions.NotNull(output, nameof(output));
        using Utf8JsonWriter writer = new(output, JsonText.Options(indented));
        writer.WriteStartObject();
        writer.WriteNumber("hosts"u8, summary.Hosts);
        writer.WriteString("ram"u8, Hex(summary.RamBytes));
        WriteCounts(writer, "statuses", summary.Statuses);
        WriteCounts(writer, "causes", summary.Causes);
        writer.WriteStartObject("distributions"u8);
        foreach ((string name, Distribution distribution) in summary.Distributions)
            WriteDistribution(writer, name, distribution);
        writer.WriteEndObject();
        writer.WriteStartArray("tightest"u8);
        foreach (TightHost host in summary.Tightest)
        {
            writer.WriteStartObject();
            JsonText.WriteText(writer, "name"u8, host.Name);
            writer.WriteString("resource"u8, host.IsTdmrs ? "tdmrs"u8 : "reservedAreas"u8);
            writer.WriteNumber("used"u8, host.Used);
            writer.WriteNumber("allowed"u8, host.Allowed);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>Reads a summary that <see cref="Write"/> wrote.</summary>
    /// <param name="utf8Json">The document in UTF-8.</param>
    /// <param name="fileName">The file's name, for messages.</param>
    /// <returns>The summary; totals and percentiles are computed from the counts.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fileName"/> is null.</exception>
    /// <exception cref="HostFormatException">It is not such a document; the message says where.</exception>
    public static FleetSummary Parse(ReadOnlyMemory<byte> utf8Json, string fileName)
    {
        Preconditions.NotNull(fileName, nameof(fileName));
        try
        {
            int mark = utf8Json.Length - JsonInput.SkipByteOrderMark(utf8Json.Span).Length;
            using JsonDocument document = JsonDocument.Parse(utf8Json[mark..]);
            return new SummaryReader(fileName).Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw JsonRefusal.Syntax(fileName, line: null, linesBefore: 0, exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new HostFormatException(
                fileName, line: null, property: null, ShapeException.NotUnicode, exception);
        }
    }

    private static string Hex(BigInteger bytes)
    {
        string digits = bytes.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return digits.Length == 0 ? "0x0" : "0x" + digits;
    }

    private static void WriteCounts(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, long> counts)
    {
        writer.WriteStartObject(name);
        foreach ((string key, long count) in counts)
            writer.WriteNumber(JsonText.Escaped(key), count);
        writer.WriteEndObject();
    }

    private static void WriteDistribution(Utf8JsonWriter writer, string name, Distribution distribution)
    {
        writer.WriteStartObject(JsonText.Escaped(name));
        writer.WriteNumber("hosts"u8, distribution.Count);
        writer.WritePropertyName("total"u8);
        writer.WriteRawValue(distribution.Total.ToString(CultureInfo.InvariantCulture), skipInputValidation: true);
        writer.WriteStartObject("percentiles"u8);
        IReadOnlyList<ulong?> percentiles = distribution.Percentiles(FleetSummary.Percents);
        for (int i = 0; i < percentiles.Count; i++)
        {
            string percent = FleetSummary.Percents[i].ToString(CultureInfo.InvariantCulture);
            if (percentiles[i] is { } value)
                writer.WriteNumber(percent, value);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("counts"u8);
        foreach ((ulong value, long count) in distribution.Counts())
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value);
            writer.WriteNumberValue(count);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
