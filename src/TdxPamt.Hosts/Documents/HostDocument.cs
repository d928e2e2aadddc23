using System.Buffers;
using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Host documents: reads a host from JSON, and writes it.</summary>
/// <remarks>Addresses are hex strings on output; on input also decimal strings and whole numbers. Unknown properties,
/// properties given twice, comments and trailing commas are refused. Without state, so safe for many threads.</remarks>
public static class HostDocument
{
    /// <summary>A document of this size or more is refused, in bytes.</summary>
    internal const int MaxBytes = 32 << 20;

    private const int MaxObjects = 1 << 19;

    /// <summary>Reads a host document.</summary>
    /// <param name="utf8Json">The document in UTF-8, with or without a byte order mark, below 32 MiB.</param>
    /// <param name="fileName">The file's name, for messages and where the document names no host.</param>
    /// <param name="line">The line that the document is on, from 1, where a file has one per line;
    /// null otherwise.</param>
    /// <returns>The host.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fileName"/> is null.</exception>
    /// <exception cref="HostFormatException">It is not a host document, or contradicts itself; the message names
    /// the property.</exception>
    public static HostDescription Parse(ReadOnlySpan<byte> utf8Json, string fileName, long? line = null) =>
        ParseAfter(0, utf8Json, fileName, line);

    internal static HostDescription ParseAfter(
        long linesBefore, ReadOnlySpan<byte> utf8Json, string fileName, long? line)
    {
        Preconditions.NotNull(fileName, nameof(fileName));
        if (utf8Json.Length >= MaxBytes)
            throw TooLarge(fileName, line);
        ReadOnlySpan<byte> document = JsonInput.SkipByteOrderMark(utf8Json);
        Utf8JsonReader reader = new(document);
        try
        {
            JsonInput.CheckSize(document, MaxObjects);
            return Describe(HostShapeReader.TryRead(document) ?? HostShape.Read(ref reader), fileName);
        }
        catch (Exception exception) when (JsonRefusal.IsOf(exception))
        {
            throw JsonRefusal.Create(fileName, line, linesBefore, exception, document, reader.TokenStartIndex);
        }
    }

    /// <summary>Writes a host as a document that <see cref="Parse"/> reads as the same memory, kernel
    /// and module.</summary>
    /// <param name="host">The host.</param>
    /// <param name="output">Where to write the object, in UTF-8, without a line end.</param>
    /// <param name="indented">Whether to write it on many lines.</param>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> or <paramref name="output"/>
    /// is null.</exception>
    public static void Write(HostDescription host, IBufferWriter<byte> output, bool indented = false)
    {
        Preconditions.NotNull(output, nameof(output));
        using Utf8JsonWriter writer = new(output, JsonText.Options(indented));
        Write(host, writer);
        writer.Flush();
    }

    /// <summary>Writes a host as a document.</summary>
    /// <param name="host">The host.</param>
    /// <param name="writer">Where to write the object.</param>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> or <paramref name="writer"/>
    /// is null.</exception>
    public static void Write(HostDescription host, Utf8JsonWriter writer)
    {
        Preconditions.NotNull(host, nameof(host));
        Preconditions.NotNull(writer, nameof(writer));
        writer.WriteStartObject();
        JsonText.WriteText(writer, "name"u8, host.Name);
        writer.WriteStartArray("memory"u8);
        foreach (MemoryRegion region in host.Memory.Regions)
        {
            writer.WriteStartObject();
            JsonText.WriteEnds(writer, region.Range);
            writer.WriteNumber("node"u8, region.Node);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (host.Memory.Cmrs.Count > 0)
            JsonText.WriteRanges(writer, "cmrs"u8, host.Memory.Cmrs);
        WriteBlocked(writer, host.Memory);
        WriteMovable(writer, host.Memory);
        WriteFallbackOrder(writer, host.Memory);
        JsonText.WriteUnknown(writer, [.. host.Unknown.Where(static it => it != HostUnknown.Cmrs)]);
        if (host.Kernel is { } kernel)
            writer.WriteString("kernel"u8, kernel.Name);
        if (host.Module != ModuleParameters.Default || host.LacksDynamicPamt)
            JsonText.WriteModule(writer, host.Module);
        writer.WriteEndObject();
    }

    internal static HostFormatException TooLarge(string fileName, long? line) =>
        new(fileName, line, null, $"it has {MaxBytes >> 20} MiB or more");

    private static HostDescription Describe(HostShape shape, string fileName)
    {
        if (shape.Memory is null)
            throw new ShapeException(ShapeException.Missing, "memory");
        if (!HostMemory.TryCreate(
            shape.Memory,
            shape.Cmrs,
            shape.Blocked,
            Fallback(shape),
            shape.Movable,
            out HostMemory? host,
            out HostMemoryFailure? failure))
        {
            throw Refused(failure);
        }

        return new HostDescription(shape.Name ?? HostDescription.NameOf(fileName), host)
        {
            DocumentUnknown = shape.Unknown ?? [],
            Kernel = shape.Kernel,
            Module = shape.Module?.ToParameters() ?? ModuleParameters.Default,
            LacksDynamicPamt = shape.Module?.DynamicPamt == false,
        };
    }

    private static NodeFallback? Fallback(HostShape shape)
    {
        if (shape.FallbackOrder is null && shape.Distances is null)
            return null;
        if (NodeFallback.TryCreate(
            shape.FallbackOrder,
            shape.Distances,
            processors: null,
            out NodeFallback? fallback,
            out HostMemoryFailure? failure))
        {
            return fallback;
        }

        throw Refused(failure);
    }

    private static ShapeException Refused(HostMemoryFailure failure) => new(failure.Message, failure.Part switch
    {
        HostMemoryPart.Cmrs => "cmrs",
        HostMemoryPart.FallbackOrders => "fallbackOrder",
        HostMemoryPart.Distances => "distances",
        HostMemoryPart.MovableZones => "movable",
        _ => "memory",
    });

    private static void WriteBlocked(Utf8JsonWriter writer, HostMemory host)
    {
        if (host.BlockedRanges.Count == 0)
            return;
        writer.WriteStartArray("blocked"u8);
        foreach (BlockedRange blocked in host.BlockedRanges)
        {
            writer.WriteStartObject();
            JsonText.WriteEnds(writer, blocked.Range);
            writer.WriteString("kind"u8, blocked.Kind switch
            {
                BlockedKind.Reserved => "reserved"u8,
                BlockedKind.Unmovable => "unmovable"u8,
                _ => "hugetlb"u8,
            });
            if (blocked.HugePage is { } page)
                writer.WriteString("pageSize"u8, page.Label());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteMovable(Utf8JsonWriter writer, HostMemory host)
    {
        if (host.MovableZones.Count == 0)
            return;
        writer.WriteStartArray("movable"u8);
        foreach (MovableZone zone in host.MovableZones)
        {
            writer.WriteStartObject();
            writer.WriteNumber("node"u8, zone.Node);
            JsonText.WriteHex(writer, "start"u8, zone.Start);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the orders where they are not the ones that follow from the nodes alone.</summary>
    private static void WriteFallbackOrder(Utf8JsonWriter writer, HostMemory host)
    {
        HostMemory plain = HostMemory.Create(host.Regions);
        int nodes = host.Nodes.Count == 0 ? 0 : host.Nodes[^1] + 1;
        bool given = false;
        for (int node = 0; node < nodes && !given; node++)
            given = !host.FallbackOrder(node).SequenceEqual(plain.FallbackOrder(node));
        if (!given)
            return;
        writer.WriteStartArray("fallbackOrder"u8);
        for (int node = 0; node < nodes; node++)
        {
            writer.WriteStartArray();
            foreach (int other in host.FallbackOrder(node))
                writer.WriteNumberValue(other);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
