using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Says where and why a document was refused.</summary>
internal static class JsonRefusal
{
    /// <summary>What may be thrown while a document is read: for what is no JSON, for what is wrong with its shape, and
    /// for text that is not Unicode.</summary>
    internal static bool IsOf(Exception exception) => exception is JsonException or InvalidOperationException;

    /// <summary>Makes the refusal.</summary>
    /// <param name="fileName">The file's name.</param>
    /// <param name="line">The line that the document is on; null where it may have many.</param>
    /// <param name="linesBefore">The lines before the document.</param>
    /// <param name="exception">What was thrown.</param>
    /// <param name="json">The document.</param>
    /// <param name="position">Where the token begins that was read last.</param>
    internal static HostFormatException Create(
        string fileName, long? line, long linesBefore, Exception exception, ReadOnlySpan<byte> json, long position)
    {
        ShapeException? shape = exception as ShapeException;
        if (shape is null && exception is JsonException syntax)
            return Syntax(fileName, line, linesBefore, syntax);

        string path = JsonPath.Of(json, position);
        if (shape?.Property is { } property)
            path = path.Length == 0 || property[0] == '[' ? path + property : $"{path}.{property}";
        return new(
            fileName, line, path.Length == 0 ? null : path, shape?.Message ?? ShapeException.NotUnicode, exception);
    }

    /// <summary>The refusal of text that is no JSON.</summary>
    internal static HostFormatException Syntax(
        string fileName, long? line, long linesBefore, JsonException syntax) => new(
            fileName,
            line ?? syntax.LineNumber + 1 + linesBefore,
            property: null,
            $"not valid JSON: {WithoutPlace(syntax.Message)}",
            syntax);

    private static string WithoutPlace(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
