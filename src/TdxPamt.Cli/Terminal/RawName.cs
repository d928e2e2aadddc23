using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace TdxPamt.Cli;

/// <summary>File names that are not UTF-8. In text, each byte that is not part of a character is a lone surrogate,
/// U+DC80 to U+DCFF, as with Python's surrogateescape.</summary>
internal static class RawName
{
    private const char FirstByte = '\uDC00';

    /// <summary>The arguments with the bytes that are not UTF-8, which .NET has replaced by U+FFFD.</summary>
    internal static string[] Decode(string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !Array.Exists(arguments, static text => text.Contains('\uFFFD')))
            return arguments;
        byte[] line = File.ReadAllBytes("/proc/self/cmdline");
        List<string> all = [];
        for (int start = 0, end; start < line.Length; start = end + 1)
        {
            end = Array.IndexOf(line, (byte)0, start) is >= 0 and var found ? found : line.Length;
            all.Add(Decode(line.AsSpan(start..end)));
        }

        return [.. all.TakeLast(arguments.Length)];
    }

    /// <summary>The bytes of a name that is not UTF-8; false for any other name.</summary>
    internal static bool TryEncode(string name, [NotNullWhen(true)] out byte[]? bytes)
    {
        List<byte> encoded = [];
        bool isRaw = false;
        for (int i = 0, length; i < name.Length; i += length)
        {
            length = i + 1 < name.Length && char.IsSurrogatePair(name[i], name[i + 1]) ? 2 : 1;
            if (length == 1 && name[i] is >= '\uDC80' and <= '\uDCFF')
            {
                encoded.Add((byte)(name[i] - FirstByte));
                isRaw = true;
            }
            else
            {
                encoded.AddRange(Encoding.UTF8.GetBytes(name, i, length));
            }
        }

        bytes = isRaw ? [.. encoded] : null;
        return isRaw;
    }

    /// <summary>A name fit for a document: U+FFFD stands for bytes that are not UTF-8.</summary>
    internal static string ToText(string name) =>
        TryEncode(name, out byte[]? bytes) ? Encoding.UTF8.GetString(bytes) : name;

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (byte other in bytes[..length])
                    text.Append((char)(FirstByte + other));
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }
}
