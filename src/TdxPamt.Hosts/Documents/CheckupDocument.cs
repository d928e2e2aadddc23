using System.Buffers;
using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Checkup documents: writes as JSON the checks of a machine, and what mends it.</summary>
/// <remarks>The same checkup gives the same bytes. Without state, so safe for many threads.</remarks>
public static class CheckupDocument
{
    /// <summary>Writes a checkup.</summary>
    /// <param name="checkup">The checkup.</param>
    /// <param name="output">Where to write the object, in UTF-8, without a line end.</param>
    /// <param name="indented">Whether to write it on many lines.</param>
    /// <exception cref="ArgumentNullException"><paramref name="checkup"/> or <paramref name="output"/>
    /// is null.</exception>
    public static void Write(HostCheckup checkup, IBufferWriter<byte> output, bool indented = false)
    {
        Preconditions.NotNull(checkup, nameof(checkup));
        Preconditions.NotNull(output, nameof(output));
        using Utf8JsonWriter writer = new(output, JsonText.Options(indented));
        writer.WriteStartObject();
        JsonText.WriteText(writer, "name"u8, checkup.Host.Name);
        writer.WriteString("kernel"u8, checkup.Plan.Kernel.Name);
        writer.WriteStartArray("checks"u8);
        foreach (HostCheck check in checkup.Checks)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, check.Id);
            writer.WriteString("result"u8, CheckupWords.Name(check.Result));
            JsonText.WriteText(writer, "evidence"u8, check.Evidence);
            writer.WriteString("action"u8, check.Action);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        JsonText.WriteActions(writer, checkup.Actions);
        JsonText.WriteWarnings(writer, checkup.Plan.Warnings);
        writer.WriteEndObject();
        writer.Flush();
    }
}
