using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TdxPamt.Hosts;

/// <summary>Reads values of one kind, and writes none.</summary>
internal abstract class ReadingConverter<T> : JsonConverter<T>
{
    public sealed override bool HandleNull => true;

    public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}

/// <summary>Counts and numbers: whole numbers of 32 bits, never negative.</summary>
internal sealed class CountConverter : ReadingConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryRead(ref reader, out int count) ? count : throw new ShapeException(Reason);

    internal const string Reason = "it must be a whole number, not negative, below 2^31";

    internal static bool TryRead(ref Utf8JsonReader reader, out int count)
    {
        count = 0;
        return reader.TokenType == JsonTokenType.Number && reader.ValueSpan[0] != '-' && reader.TryGetInt32(out count);
    }
}

/// <summary>Addresses and sizes: hex strings, decimal strings and whole numbers of 64 bits.</summary>
internal sealed class AddressConverter : ReadingConverter<ulong>
{
    public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryRead(ref reader, out ulong address) ? address : throw new ShapeException(Reason);

    internal const string Reason = "it must be a hex string, a decimal string or a whole number, below 2^64";

    private const int MaxDigits = 128;

    internal static bool TryRead(ref Utf8JsonReader reader, out ulong address)
    {
        address = 0;
        if (reader.TokenType == JsonTokenType.Number)
            return reader.TryGetUInt64(out address);
        if (reader.TokenType != JsonTokenType.String)
            return false;
        return reader.ValueIsEscaped
            ? TryReadEscaped(ref reader, out address)
            : TryParse(reader.ValueSpan, out address);
    }

    /// <summary>Apart from the usual way, which then needs no room on the stack.</summary>
    private static bool TryReadEscaped(ref Utf8JsonReader reader, out ulong address)
    {
        address = 0;
        Span<byte> unescaped = stackalloc byte[MaxDigits];
        return reader.ValueSpan.Length <= MaxDigits && TryParse(unescaped[..reader.CopyString(unescaped)], out address);
    }

    internal static bool TryParse(ReadOnlySpan<byte> text, out ulong address)
    {
        bool hex = text.Length > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
        if (hex)
            text = text[2..];
        address = 0;
        return text.Length > 0 && (hex || text[0] is >= (byte)'0' and <= (byte)'9')
            && Utf8Parser.TryParse(text, out address, out int digits, hex ? 'x' : default) && digits == text.Length;
    }
}

/// <summary>Sizes of PAMT entries. Their interval is checked where they are used.</summary>
internal sealed class EntrySizeConverter : ReadingConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        AddressConverter.TryRead(ref reader, out ulong size)
            ? (int)Math.Min(size, int.MaxValue)
            : throw new ShapeException(AddressConverter.Reason);
}

/// <summary>Rows of counts; there can be as many rows, and counts in each, as nodes.</summary>
internal sealed class RowsConverter : ReadingConverter<int[][]>
{
    private const int MaxCount = MemoryRegion.MaxNode + 1;

    public override int[][] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new ShapeException("it must be an array");
        List<int[]> rows = [];
        List<int> row = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (rows.Count == MaxCount)
                throw new ShapeException($"there are more than {MaxCount}, for nodes 0 to {MemoryRegion.MaxNode}");
            if (reader.TokenType != JsonTokenType.StartArray)
                throw new ShapeException("it must be an array", $"[{rows.Count}]");
            row.Clear();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (row.Count == MaxCount)
                {
                    throw new ShapeException(
                        $"it has more than {MaxCount} numbers, for nodes 0 to {MemoryRegion.MaxNode}",
                        $"[{rows.Count}]");
                }

                if (!CountConverter.TryRead(ref reader, out int count))
                    throw new ShapeException(CountConverter.Reason, $"[{rows.Count}][{row.Count}]");
                row.Add(count);
            }

            rows.Add([.. row]);
        }

        return [.. rows];
    }
}

internal sealed class KernelConverter : ReadingConverter<KernelModel>
{
    public override KernelModel Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return KernelModel.TryParse(name, out KernelModel? kernel) ? kernel : throw new ShapeException(
            $"it must be one of {string.Join(", ", KernelModel.All)}"
            + (name is null ? "" : $", not {HostFormatException.Quote(name)}"));
    }
}

internal sealed class UnknownConverter : ReadingConverter<HostUnknown>
{
    public override HostUnknown Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        foreach (HostUnknown unknown in (HostUnknown[])[HostUnknown.Ram, HostUnknown.Nodes, HostUnknown.Cmrs])
        {
            if (UnknownWords.Name(unknown) == name)
                return unknown;
        }

        throw new ShapeException("it must be memoryMap, nodes or cmrs");
    }
}

internal sealed class MemoryConverter : ReadingConverter<MemoryRegion[]>
{
    public override MemoryRegion[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        RangeEntries entries = new(ref reader, RangeEntries.Members.Ends | RangeEntries.Members.Node);
        List<MemoryRegion> regions = [];
        while (entries.MoveNext(ref reader))
            regions.Add(new(entries.Range, entries.Node));
        return [.. regions];
    }
}

internal sealed class CmrsConverter : ReadingConverter<AddressRange[]>
{
    public override AddressRange[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        RangeEntries entries = new(ref reader, RangeEntries.Members.Ends);
        List<AddressRange> cmrs = [];
        while (entries.MoveNext(ref reader))
            cmrs.Add(entries.Range);
        return [.. cmrs];
    }
}

internal sealed class BlockedConverter : ReadingConverter<BlockedRange[]>
{
    public override BlockedRange[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        RangeEntries entries = new(ref reader, RangeEntries.Members.Ends | RangeEntries.Members.Kind);
        List<BlockedRange> blocked = [];
        while (entries.MoveNext(ref reader))
            blocked.Add(new(entries.Range, entries.Kind, entries.HugePage));
        return [.. blocked];
    }
}

internal sealed class MovableConverter : ReadingConverter<MovableZone[]>
{
    public override MovableZone[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        RangeEntries entries = new(ref reader, RangeEntries.Members.Start | RangeEntries.Members.Node);
        List<MovableZone> zones = [];
        while (entries.MoveNext(ref reader))
        {
            if (entries.Start % AddressRange.PageBytes != 0 || entries.Start > AddressRange.Limit)
                throw new ShapeException("it must be a multiple of 4 KiB, at most 2^52", $"[{zones.Count}].start");
            zones.Add(new(entries.Node, entries.Start));
        }

        return [.. zones];
    }
}
