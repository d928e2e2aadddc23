using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Says where and why a document was refused.</summary>
/// <remarks>What this library finds wrong has a type of its own, <see cref="ShapeException"/>. System.Text.Json tells
/// its other refusals apart by their text alone, so that text is read here and nowhere else.</remarks>
internal static class JsonRefusal
{
    internal static HostFormatException Create(
        string fileName, long? line, long linesBefore, JsonException exception)
    {
        if (exception.InnerException is JsonException syntax)
            return Syntax(fileName, line, linesBefore, syntax, exception);

        string path = exception.Path ?? "$";
        path = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path[1..];
        if (exception is ShapeException { Property: { } property })
            path = path.Length == 0 || property[0] == '[' ? path + property : $"{path}.{property}";
        return new(fileName, line, path.Length == 0 ? null : path, ReasonOf(exception), exception);
    }

    /// <summary>The refusal of text that is no JSON.</summary>
    internal static HostFormatException Syntax(
        string fileName, long? line, long linesBefore, JsonException syntax, JsonException exception) => new(
            fileName,
            line ?? syntax.LineNumber + 1 + linesBefore,
            property: null,
            $"not valid JSON: {WithoutPlace(syntax.Message)}",
            exception);

    private static string WithoutPlace(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private static string ReasonOf(JsonException exception)
    {
        if (exception is ShapeException)
            return exception.Message;
        if (exception.Message.StartsWith("Duplicate", StringComparison.Ordinal))
            return ShapeException.Twice;
        return exception.Message.Contains("could not be mapped", StringComparison.Ordinal)
            ? ShapeException.Unknown
            : "it has the wrong type";
    }
}
