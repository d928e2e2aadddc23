using System.Buffers.Text;
using System.Text.Json;
using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>Reads the value of a member of a JSON document; refuses what is of another kind.</summary>
/// <typeparam name="T">What it is.</typeparam>
/// <param name="reader">The reader, at the value; then at its end.</param>
/// <returns>The value.</returns>
internal delegate T JsonValue<out T>(ref Utf8JsonReader reader);

/// <summary>The kinds of values of JSON documents.</summary>
internal static class JsonValues
{
    private const string NoCount = "it must be a whole number, not negative, below 2^31";
    private const string NoAddress = "it must be a hex string, a decimal string or a whole number, below 2^64";

    /// <summary>The longest address that is unescaped, in bytes.</summary>
    private const int MaxDigits = 128;

    /// <summary>How many rows there can be, and counts in each: as many as nodes.</summary>
    private const int MaxRows = MemoryRegion.MaxNode + 1;

    internal static string Text(ref Utf8JsonReader reader) =>
        TextOrNull(ref reader) ?? throw new ShapeException(ShapeException.NoText);

    /// <summary>A text; null where the value is of another kind.</summary>
    internal static string? TextOrNull(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

    internal static bool Boolean(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new ShapeException("it must be true or false"),
    };

    internal static double Real(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double value)
            ? value
            : throw new ShapeException("it must be a number");

    internal static ulong Whole(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out ulong value)
            ? value
            : throw new ShapeException(ShapeException.NoWhole);

    /// <summary>Counts and numbers: whole numbers of 31 bits.</summary>
    internal static int Count(ref Utf8JsonReader reader) =>
        TryCount(ref reader, out int count) ? count : throw new ShapeException(NoCount);

    /// <summary>Addresses and sizes: hex strings, decimal strings and whole numbers of 64 bits.</summary>
    internal static ulong Address(ref Utf8JsonReader reader)
    {
        ulong address = 0;
        bool valid = reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetUInt64(out address),
            JsonTokenType.String when reader.ValueIsEscaped => TryEscaped(ref reader, out address),
            JsonTokenType.String => TryParse(reader.ValueSpan, out address),
            _ => false,
        };
        return valid ? address : throw new ShapeException(NoAddress);
    }

    /// <summary>A value that may be null.</summary>
    internal static T? Optional<T>(ref Utf8JsonReader reader, JsonValue<T> read)
        where T : struct => reader.TokenType == JsonTokenType.Null ? null : read(ref reader);

    internal static T[] Array<T>(ref Utf8JsonReader reader, JsonValue<T> read)
    {
        ThrowIfNoArray(ref reader);
        List<T> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(read(ref reader));
        return [.. items];
    }

    /// <summary>Rows of counts.</summary>
    internal static int[][] Rows(ref Utf8JsonReader reader)
    {
        int rows = 0;
        return Array(ref reader, Row);

        int[] Row(ref Utf8JsonReader reader)
        {
            if (rows++ == MaxRows)
                throw new ShapeException($"there are more than {MaxRows} rows, for nodes 0 to {MemoryRegion.MaxNode}");
            int counts = 0;
            return Array(ref reader, (ref reader) => counts++ == MaxRows
                ? throw new ShapeException(
                    $"there are more than {MaxRows} numbers, for nodes 0 to {MemoryRegion.MaxNode}")
                : Count(ref reader));
        }
    }

    internal static KernelModel Kernel(ref Utf8JsonReader reader)
    {
        string? name = TextOrNull(ref reader);
        return KernelModel.TryParse(name, out KernelModel? kernel) ? kernel : throw new ShapeException(
            $"it must be one of {string.Join(", ", KernelModel.All)}"
            + (name is null ? "" : $", not {HostFormatException.Quote(name)}"));
    }

    internal static TdxModuleRelease Release(ref Utf8JsonReader reader) =>
        TdxModuleRelease.TryParse(TextOrNull(ref reader), out TdxModuleRelease? release)
            ? release
            : throw new ShapeException($"it must be one of {string.Join(", ", TdxModuleRelease.All)}");

    internal static HostUnknown Unknown(ref Utf8JsonReader reader)
    {
        string? name = TextOrNull(ref reader);
        foreach (HostUnknown unknown in (HostUnknown[])[HostUnknown.Ram, HostUnknown.Nodes, HostUnknown.Cmrs])
        {
            if (UnknownWords.Name(unknown) == name)
                return unknown;
        }

        throw new ShapeException("it must be memoryMap, nodes or cmrs");
    }

    internal static bool TryCount(ref Utf8JsonReader reader, out int count)
    {
        count = 0;
        return reader.TokenType == JsonTokenType.Number && reader.ValueSpan[0] != '-' && reader.TryGetInt32(out count);
    }

    internal static void ThrowIfNoArray(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new ShapeException(ShapeException.NoArray);
    }

    /// <summary>Reads the text of an address.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out ulong address)
    {
        bool hex = text.Length > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
        if (hex)
            text = text[2..];
        address = 0;
        return text.Length > 0 && (hex || text[0] is >= (byte)'0' and <= (byte)'9')
            && Utf8Parser.TryParse(text, out address, out int digits, hex ? 'x' : default) && digits == text.Length;
    }

    /// <summary>Apart from its caller, which so needs no room on the stack.</summary>
    private static bool TryEscaped(ref Utf8JsonReader reader, out ulong address)
    {
        address = 0;
        Span<byte> unescaped = stackalloc byte[MaxDigits];
        return reader.ValueSpan.Length <= MaxDigits && TryParse(unescaped[..reader.CopyString(unescaped)], out address);
    }
}
