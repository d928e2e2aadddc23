namespace TdxPamt.Fuzz;

/// <summary>Hands out its bytes in portions of a size of its own, as pipes do.</summary>
internal sealed class TrickleStream(byte[] bytes, int portion) : MemoryStream(bytes)
{
    public override int Read(byte[] buffer, int offset, int count) =>
        base.Read(buffer, offset, Math.Min(count, portion));

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, portion)]);
}
