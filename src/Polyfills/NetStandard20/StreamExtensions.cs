using System.Buffers;

namespace System.IO;

/// <summary>Members of <see cref="Stream"/> that came with .NET Standard 2.1.</summary>
[Microsoft.CodeAnalysis.Embedded]
internal static class StreamExtensions
{
    extension(Stream stream)
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
            bytes.CopyTo(rented);
            stream.Write(rented, 0, bytes.Length);
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
