using System.Buffers;

namespace TdxPamt.Cli;

/// <summary>Answers in JSON, each on lines of its own.</summary>
internal static class JsonAnswers
{
    /// <summary>A single answer indented for readers, several on one line each.</summary>
    internal static ReadOnlySpan<byte> Create<T>(T[] answers, Action<T, IBufferWriter<byte>, bool> write) =>
        Create(answers, (answer, buffer) => write(answer, buffer, answers.Length == 1));

    /// <summary>Each answer, with a line end after it.</summary>
    internal static ReadOnlySpan<byte> Create<T>(T[] answers, Action<T, IBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        foreach (T answer in answers)
        {
            write(answer, buffer);
            buffer.Write("\n"u8);
        }

        return buffer.WrittenSpan;
    }
}
