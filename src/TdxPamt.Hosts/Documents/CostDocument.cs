using System.Buffers;
using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Cost documents: writes as JSON what TDX costs a machine.</summary>
/// <remarks>The same cost gives the same bytes. Without state, so safe for many threads.</remarks>
public static class CostDocument
{
    /// <summary>Writes a cost.</summary>
    /// <param name="cost">The cost.</param>
    /// <param name="output">Where to write the object, in UTF-8, without a line end.</param>
    /// <param name="indented">Whether to write it on many lines.</param>
    /// <exception cref="ArgumentNullException"><paramref name="cost"/> or <paramref name="output"/>
    /// is null.</exception>
    public static void Write(HostCost cost, IBufferWriter<byte> output, bool indented = false)
    {
        Preconditions.NotNull(cost, nameof(cost));
        Preconditions.NotNull(output, nameof(output));
        using Utf8JsonWriter writer = new(output, JsonText.Options(indented));
        writer.WriteStartObject();
        JsonText.WriteText(writer, "name"u8, cost.Host.Name);
        writer.WriteString("kernel"u8, cost.Plan.Kernel.Name);
        JsonText.WriteHex(writer, "ram"u8, cost.Host.Memory.TdxMemoryBytes);
        if (cost.Plan.Failure is { } failure)
        {
            writer.WriteString("status"u8, "failed"u8);
            JsonText.WriteError(writer, failure);
        }
        else
        {
            writer.WriteStartObject("static"u8);
            JsonText.WriteHex(writer, "bytes"u8, cost.Cost.StaticBytes);
            writer.WriteEndObject();
            WriteDynamic(writer, cost);
        }

        if (cost.Host.MaxTds is { } tds)
            writer.WriteNumber("tds"u8, tds);
        JsonText.WriteWarnings(writer, cost.Plan.Warnings);
        writer.WriteEndObject();
        writer.Flush();
    }

    private static void WriteDynamic(Utf8JsonWriter writer, HostCost cost)
    {
        writer.WriteStartObject("dynamic"u8);
        JsonText.WriteHex(writer, "fixedBytes"u8, cost.Cost.FixedBytes);
        JsonText.WriteHex(writer, "bitmapBytes"u8, cost.Cost.BitmapBytes);
        JsonText.WriteHex(writer, "referenceCountBytes"u8, cost.ReferenceCountBytes);
        writer.WriteStartArray("points"u8);
        foreach (double share in cost.Shares)
        {
            writer.WriteStartObject();
            writer.WriteNumber("private4K"u8, share);
            JsonText.WriteHex(writer, "bytes"u8, cost.BytesAt(share));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("breakEven"u8, Math.Round(cost.BreakEvenShare, 6));
        writer.WriteEndObject();
    }
}
