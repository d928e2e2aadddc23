using System.Buffers;
using System.Text.Json;
using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>Explanation documents: writes as JSON what a word of the TDX module means.</summary>
/// <remarks>The same explanation gives the same bytes. Without state, so safe for many threads.</remarks>
public static class ExplanationDocument
{
    /// <summary>Writes an explanation.</summary>
    /// <param name="explanation">The explanation.</param>
    /// <param name="output">Where to write the object, in UTF-8, without a line end.</param>
    /// <param name="indented">Whether to write it on many lines.</param>
    /// <param name="line">The line of the log that it is about, from 1; null for no log.</param>
    /// <exception cref="ArgumentNullException"><paramref name="explanation"/> or <paramref name="output"/>
    /// is null.</exception>
    public static void Write(
        SeamcallExplanation explanation, IBufferWriter<byte> output, bool indented = false, long? line = null)
    {
        Preconditions.NotNull(explanation, nameof(explanation));
        Preconditions.NotNull(output, nameof(output));
        using Utf8JsonWriter writer = new(output, JsonText.Options(indented));
        writer.WriteStartObject();
        if (line is { } number)
            writer.WriteNumber("line"u8, number);
        if (explanation.Completion is { } status)
            WriteStatus(writer, explanation, status);
        else
            WriteName(writer, explanation);
        writer.WriteString("text"u8, explanation.ToString());
        writer.WriteString("rule"u8, explanation.Rule);
        writer.WriteEndObject();
        writer.Flush();
    }

    private static void WriteStatus(Utf8JsonWriter writer, SeamcallExplanation explanation, CompletionStatus status)
    {
        if (explanation.Leaf is { } leaf)
            writer.WriteString("leaf"u8, explanation.LeafName ?? FormattableString.Invariant($"0x{leaf:x}"));
        writer.WriteString("completion"u8, FormattableString.Invariant($"0x{status.Value:X}"));
        writer.WriteString("code"u8, explanation.Name);
        writer.WriteString("class"u8, explanation.Class);
        writer.WriteString("severity"u8, explanation.Severity);
        writer.WriteStartArray("operands"u8);
        foreach (string operand in explanation.Operands)
            writer.WriteStringValue(operand);
        writer.WriteEndArray();
        writer.WriteString("cause"u8, explanation.Cause);
        writer.WriteString("action"u8, explanation.Action);
    }

    private static void WriteName(Utf8JsonWriter writer, SeamcallExplanation explanation)
    {
        if (explanation.Leaf is { } leaf)
            JsonText.WriteHex(writer, "leaf"u8, (ulong)leaf);
        else
            JsonText.WriteHex(writer, "operand"u8, (ulong)explanation.Operand!.Value);
        writer.WriteString("name"u8, explanation.Name);
    }
}
