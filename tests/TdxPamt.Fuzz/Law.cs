using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TdxPamt.Hosts;

namespace TdxPamt.Fuzz;

/// <summary>What must hold of every answer.</summary>
internal static class Law
{
    /// <summary>The name by which inputs are called; refusals repeat it.</summary>
    internal const string File = "fuzz.txt";

    private const int MaxMessage = 2000;

    internal static void Holds(bool condition, string law)
    {
        if (!condition)
            throw new BrokenLawException(law);
    }

    /// <summary>A refusal is a line that starts with the file's name and acts on no terminal.</summary>
    internal static void IsRefusal(FormatException refusal, string name = File)
    {
        Holds(refusal.Message.StartsWith(name + ":", StringComparison.Ordinal), $"names the file: {refusal.Message}");
        Holds(refusal.Message.Length <= MaxMessage, "refusals are short");
        IsPrintable(refusal.Message, "refusals");
        if (refusal is HostFormatException { Property: { } property })
            Holds(refusal.Message.Contains(property, StringComparison.Ordinal), "refusals name the property");
    }

    /// <summary>A text has nothing in it that acts on a terminal.</summary>
    internal static void IsPrintable(string text, string what)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            Holds(
                Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator),
                $"{what} have no control characters");
        }
    }

    /// <summary>Something writes JSON that is valid.</summary>
    internal static ReadOnlySpan<byte> WritesJson(Action<IBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        write(buffer);
        IsJsonLine(buffer.WrittenMemory);
        return buffer.WrittenSpan;
    }

    internal static JsonElement IsJsonLine(ReadOnlyMemory<byte> line)
    {
        Holds(line.Span.IndexOf((byte)'\n') < 0, "JSON on one line");
        using JsonDocument document = JsonDocument.Parse(line);
        Holds(document.RootElement.ValueKind == JsonValueKind.Object, "an object");
        return document.RootElement.Clone();
    }
}
