using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>What a text that begins with a brace is, told by the names of its first properties.</summary>
internal static class JsonContent
{
    /// <summary>What such a text should have been.</summary>
    internal const string Expected =
        "expected a host document, which has \"memory\", or a log as dmesg --json or journalctl -o json prints it";

    /// <summary>What a text is.</summary>
    internal enum JsonKind
    {
        Unknown,
        Host,
        Log,
    }

    /// <summary>Finds out what a text is.</summary>
    /// <param name="text">The text, or its start.</param>
    /// <param name="isWhole">Whether it is the whole text: a start is told by properties that it surely
    /// has alone.</param>
    internal static JsonKind Create(ReadOnlySpan<byte> text, bool isWhole)
    {
        Utf8JsonReader reader = new(text, isFinalBlock: false, state: default);
        try
        {
            while (reader.Read() && (reader.TokenType != JsonTokenType.EndObject || reader.CurrentDepth > 0))
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
                    continue;
                if (reader.ValueTextEquals("MESSAGE"u8) || reader.ValueTextEquals("dmesg"u8)
                    || reader.ValueTextEquals("msg"u8))
                {
                    return JsonKind.Log;
                }

                if (reader.ValueTextEquals("memory"u8) || reader.ValueTextEquals("cmrs"u8))
                    return JsonKind.Host;
            }
        }
        catch (JsonException)
        {
            // A log in JSON may be cut off, or have other text in it.
        }

        bool mayBeLog = IsProperty(text, "\"MESSAGE\""u8) || IsProperty(text, "\"dmesg\""u8)
            || IsProperty(text, "\"msg\""u8);
        return isWhole && mayBeLog ? JsonKind.Log : JsonKind.Unknown;
    }

    private static bool IsProperty(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) =>
        LogText.TryFind(text, name, out LogText after) && after.TrySkip(":"u8);
}
