using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>What stands in the place of an answer to input that cannot be read.</summary>
internal static class InvalidDocument
{
    /// <summary>Writes why a line of a stream has no answer.</summary>
    internal static void Write(HostFormatException refusal, AnswerBuffer answers)
    {
        Write(answers.Json, file: null, refusal.Line, refusal.PropertyAndReason);
        answers.EndLine();
    }

    /// <summary>Writes why an input has no answer.</summary>
    /// <param name="writer">Where to write the object.</param>
    /// <param name="file">The file's name; null for a line of a stream.</param>
    /// <param name="line">The line; null where the reason has none.</param>
    /// <param name="reason">Why.</param>
    internal static void Write(Utf8JsonWriter writer, string? file, long? line, string reason)
    {
        writer.WriteStartObject();
        writer.WriteString("status"u8, "invalid"u8);
        if (file is not null)
            JsonText.WriteText(writer, "file"u8, file);
        if (line is { } number)
            writer.WriteNumber("line"u8, number);
        JsonText.WriteText(writer, "message"u8, reason);
        writer.WriteEndObject();
    }

    /// <summary>The refusal of the first blank line of several.</summary>
    internal static HostFormatException Blank(string fileName, long line) => new(fileName, line, null, "it is blank");
}
