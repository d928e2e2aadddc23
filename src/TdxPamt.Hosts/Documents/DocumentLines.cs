using System.Buffers;
using System.Text.Json;

namespace TdxPamt.Hosts;

/// <summary>Reads a JSON document per line and writes one per line, in memory that does not grow with
/// the stream.</summary>
internal static class DocumentLines
{
    /// <summary>Answers a line; throws <see cref="HostFormatException"/> where it is not such a document.</summary>
    /// <returns>False where the summary counts the line as failed.</returns>
    internal delegate bool Answer(ReadOnlySpan<byte> line, long number, Utf8JsonWriter writer);

    internal static StreamSummary Run(
        Stream input, Stream output, string fileName, Answer answer, CancellationToken cancellationToken)
    {
        using LineBuffer buffer = new(input, HostDocument.MaxBytes);
        ArrayBufferWriter<byte> answers = new(LineBuffer.ChunkBytes);
        using Utf8JsonWriter writer = new(answers, JsonText.Options(indented: false));
        StreamSummary summary = default;
        while (buffer.MoveNext())
        {
            ReadOnlySpan<byte> text = buffer.Text;
            while (!text.IsEmpty)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int end = text.IndexOf((byte)'\n');
                ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
                text = end < 0 ? default : text[(end + 1)..];
                summary = summary with { Lines = summary.Lines + 1 };
                writer.Reset();
                try
                {
                    if (buffer.IsTooLong)
                        throw HostDocument.TooLarge(fileName, summary.Lines);
                    if (!answer(line, summary.Lines, writer))
                        summary = summary with { Failed = summary.Failed + 1 };
                }
                catch (HostFormatException exception)
                {
                    summary = summary with { Invalid = summary.Invalid + 1 };
                    WriteInvalid(writer, exception);
                }

                writer.Flush();
                answers.Write("\n"u8);
                if (answers.WrittenCount >= LineBuffer.ChunkBytes || text.IsEmpty)
                {
                    output.Write(answers.WrittenSpan);
                    answers.Clear();
                }
            }
        }

        return summary;
    }

    private static void WriteInvalid(Utf8JsonWriter writer, HostFormatException exception)
    {
        writer.WriteStartObject();
        writer.WriteString("status"u8, "invalid"u8);
        writer.WriteNumber("line"u8, exception.Line ?? 0);
        JsonText.WriteText(writer, "message"u8, exception.PropertyAndReason);
        writer.WriteEndObject();
    }
}
