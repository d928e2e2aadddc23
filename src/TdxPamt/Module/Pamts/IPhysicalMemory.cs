namespace TdxPamt.Module;

/// <summary>The machine's memory as the TDX module reads and writes it: what an embedder implements.</summary>
/// <remarks><see cref="TdxModule"/> calls it from one thread at a time, and asks for addresses below 2^52 only. What a
/// method throws reaches the module's caller.</remarks>
public interface IPhysicalMemory
{
    /// <summary>Reads bytes.</summary>
    /// <param name="address">The physical address of the first one.</param>
    /// <param name="destination">Where they go; its length says how many.</param>
    void Read(ulong address, Span<byte> destination);

    /// <summary>Writes bytes.</summary>
    /// <param name="address">The physical address of the first one.</param>
    /// <param name="source">The bytes.</param>
    void Write(ulong address, ReadOnlySpan<byte> source);

    /// <summary>Writes zeros.</summary>
    /// <param name="address">The physical address of the first one.</param>
    /// <param name="length">How many bytes, 0 or more.</param>
    void Clear(ulong address, ulong length);
}
