namespace TdxPamt.Hosts;

/// <summary>Files that are compressed, by their first bytes.</summary>
internal static class CompressedText
{
    /// <summary>Refuses a compressed file by the name of its format, and says how to unpack it.</summary>
    /// <exception cref="HostFormatException">The text is compressed.</exception>
    internal static void Refuse(ReadOnlySpan<byte> text, string fileName)
    {
        (string Format, string Command)? found =
            text.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) ? ("gzip", "zcat")
            : text.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) ? ("zstd", "zstdcat")
            : text.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']) ? ("xz", "xzcat")
            : text.StartsWith("BZh"u8) ? ("bzip2", "bzcat")
            : null;
        if (found is { } it)
        {
            throw new HostFormatException(
                fileName, null, null, $"it is compressed with {it.Format}: read what {it.Command} prints of it");
        }
    }
}
