using System.Buffers;
using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Where answers are written before they go to a stream.</summary>
internal sealed class AnswerBuffer : IDisposable
{
    private const int InitialBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new(InitialBytes);

    internal AnswerBuffer() => Json = new(_bytes, JsonText.Options(indented: false));

    /// <summary>Writes an answer in JSON; <see cref="EndLine"/> completes it.</summary>
    internal Utf8JsonWriter Json { get; }

    /// <summary>Writes an answer in any other form.</summary>
    internal IBufferWriter<byte> Bytes => _bytes;

    internal ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Whether it has grown so far that keeping it for other answers is a waste.</summary>
    internal bool IsLarge => _bytes.Capacity > 16 * InitialBytes;

    internal void EndLine()
    {
        Json.Flush();
        Json.Reset();
        _bytes.Write("\n"u8);
    }

    internal void Clear()
    {
        Json.Reset();
        _bytes.ResetWrittenCount();
    }

    public void Dispose() => Json.Dispose();
}
