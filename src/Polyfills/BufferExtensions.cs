namespace System.Buffers;

/// <summary>Members of buffers and spans that came after .NET Standard 2.1.</summary>
[Microsoft.CodeAnalysis.Embedded]
internal static class BufferExtensions
{
    extension<T>(ArrayBufferWriter<T> buffer)
    {
        public void ResetWrittenCount() => buffer.Clear();
    }

    extension(ReadOnlySpan<byte> bytes)
    {
        public int Count(byte value)
        {
            int count = 0;
            for (int end; (end = bytes.IndexOf(value)) >= 0; count++)
                bytes = bytes[(end + 1)..];
            return count;
        }
    }
}
