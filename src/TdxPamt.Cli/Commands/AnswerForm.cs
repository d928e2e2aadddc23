using System.Text;
using System.Text.Json;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>How answers are written.</summary>
/// <typeparam name="T">An answer.</typeparam>
internal sealed class AnswerForm<T>
{
    private AnswerForm()
    {
    }

    /// <summary>Writes an answer; null where it is a page.</summary>
    internal Action<T, AnswerBuffer>? Write { get; private init; }

    /// <summary>Makes an answer a page; null where it is none.</summary>
    internal Func<T, Page>? ToPage { get; private init; }

    /// <summary>Whether pages have a blank line between them.</summary>
    internal bool IsSpaced { get; private init; }

    /// <summary>What stands in the place of an answer to an input that cannot be read; null says it on
    /// standard error.</summary>
    internal Action<HostFormatException, AnswerBuffer>? WriteInvalid { get; private init; }

    /// <summary>What stands in the place of an answer to a line that cannot be read.</summary>
    internal Action<HostFormatException, AnswerBuffer> WriteInvalidLine { get; private init; } =
        static (_, _) => { };

    /// <summary>What stands above all answers, in UTF-8.</summary>
    internal byte[] Header { get; private init; } = [];

    internal static AnswerForm<T> Text(Func<T, Page> toPage, bool isSpaced) =>
        new() { ToPage = toPage, IsSpaced = isSpaced };

    /// <summary>Each answer in JSON, with a line end after it.</summary>
    internal static AnswerForm<T> Json(Action<T, AnswerBuffer> write) =>
        new() { Write = write, WriteInvalid = WriteInvalidFile, WriteInvalidLine = InvalidDocument.Write };

    /// <summary>A header, and lines for each answer.</summary>
    internal static AnswerForm<T> Csv(
        string header, Action<T, AnswerBuffer> write, Action<HostFormatException, AnswerBuffer>? writeInvalid) =>
        new()
        {
            Header = Encoding.UTF8.GetBytes(header + "\n"),
            Write = write,
            WriteInvalid = writeInvalid,
            WriteInvalidLine = writeInvalid ?? ((refusal, answers) =>
            {
                // The first cell is the only one with a place for the reason.
                string others = new(',', header.Count(static character => character == ','));
                Encoding.UTF8.GetBytes(CsvCell.Create(refusal.Message) + others, answers.Bytes);
                answers.EndLine();
            }),
        };

    /// <summary>Nothing but what is summed up in the end.</summary>
    internal static AnswerForm<T> None() =>
        new() { Write = static (_, _) => { } };

    private static void WriteInvalidFile(HostFormatException refusal, AnswerBuffer answers)
    {
        Utf8JsonWriter writer = answers.Json;
        InvalidDocument.Write(writer, refusal.FileName, refusal.Line, refusal.PropertyAndReason);
        answers.EndLine();
    }
}
