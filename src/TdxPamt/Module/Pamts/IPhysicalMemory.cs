namespace TdxPamt.Module;

/// <summary>The machine's memory as the TDX module reads and writes it: what an embedder implements.</summary>
/// <remarks><see cref="TdxModule"/> calls it with addresses below 2^52, from as many threads at once as call the
/// module. The module sees to it that only one of them writes a lock word at a time. Writes to different bytes must
/// not disturb each other. What a method throws reaches the module's caller.</remarks>
public interface IPhysicalMemory
{
    /// <summary>Reads bytes.</summary>
    /// <param name="address">The physical address of the first byte.</param>
    /// <param name="destination">Where the bytes go. Its length is their number.</param>
    void Read(ulong address, Span<byte> destination);

    /// <summary>Writes bytes.</summary>
    /// <param name="address">The physical address of the first byte.</param>
    /// <param name="source">The bytes.</param>
    void Write(ulong address, ReadOnlySpan<byte> source);

    /// <summary>Writes zeros.</summary>
    /// <param name="address">The physical address of the first byte.</param>
    /// <param name="length">The number of bytes, 0 or more.</param>
    void Clear(ulong address, ulong length);
}
