using System.Buffers;
using System.Text.Json;
using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>Replay documents: writes as JSON how many calls of a transcript the model answers differently.</summary>
/// <remarks>The same replay gives the same bytes. Without state, so safe for many threads.</remarks>
public static class ReplayDocument
{
    /// <summary>Writes a replay.</summary>
    /// <param name="replay">The replay.</param>
    /// <param name="output">Where to write the object, in UTF-8, without a line end.</param>
    /// <param name="indented">Whether to write it on many lines.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    public static void Write(SeamcallReplay replay, IBufferWriter<byte> output, bool indented = false)
    {
        Preconditions.NotNull(output, nameof(output));
        using Utf8JsonWriter writer = new(output, JsonText.Options(indented));
        writer.WriteStartObject();
        writer.WriteNumber("calls"u8, replay.Calls);
        writer.WriteNumber("differ"u8, replay.Differ);
        if (replay.Differences.Count > 0)
        {
            SeamcallDifference first = replay.Differences[0];
            writer.WriteStartObject("first"u8);
            writer.WriteNumber("line"u8, first.Line);
            JsonText.WriteText(writer, "expected"u8, first.Expected);
            JsonText.WriteText(writer, "actual"u8, first.Actual);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
    }
}
