using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>What is the same for all JSON documents.</summary>
internal static class JsonInput
{
    /// <summary>The most bytes of a name or text; a document of fewer bytes needs no check of its size.</summary>
    private const int MaxText = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    internal static ReadOnlySpan<byte> SkipByteOrderMark(ReadOnlySpan<byte> text) =>
        text.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text;

    /// <summary>Refuses a document that would take far more memory than its bytes. What is not valid JSON is left to
    /// the reading that follows.</summary>
    internal static void CheckSize(ReadOnlySpan<byte> document, int maxObjects)
    {
        if (document.Length < MaxText)
            return;
        Utf8JsonReader reader = new(document);
        int objects = 0;
        while (TryRead(ref reader))
        {
            if (reader.TokenType == JsonTokenType.StartObject && ++objects > maxObjects)
                throw new ShapeException($"it has more than {maxObjects} objects");
            if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String
                && reader.ValueSpan.Length > MaxText)
            {
                throw new ShapeException($"it has a text of more than {MaxText} bytes");
            }
        }
    }

    private static bool TryRead(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
