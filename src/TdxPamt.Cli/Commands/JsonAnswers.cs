using System.Buffers;

namespace TdxPamt.Cli;

/// <summary>Answers in JSON: a single one indented for readers, several one a line.</summary>
internal static class JsonAnswers
{
    internal static ReadOnlySpan<byte> Of<T>(T[] answers, Action<T, IBufferWriter<byte>, bool> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        foreach (T answer in answers)
        {
            write(answer, buffer, answers.Length == 1);
            buffer.Write("\n"u8);
        }

        return buffer.WrittenSpan;
    }
}
