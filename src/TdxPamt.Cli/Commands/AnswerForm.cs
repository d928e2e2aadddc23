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

    /// <summary>What stands above all answers, in UTF-8.</summary>
    internal byte[] Header { get; private init; } = [];

    internal static AnswerForm<T> Text(Func<T, Page> toPage, bool isSpaced) =>
        new() { ToPage = toPage, IsSpaced = isSpaced };

    /// <summary>Each answer in JSON, with a line end after it.</summary>
    internal static AnswerForm<T> Json(Action<T, AnswerBuffer> write) =>
        new() { Write = write, WriteInvalid = WriteInvalidFile };

    /// <summary>A header, and lines for each answer.</summary>
    internal static AnswerForm<T> Csv(
        string header, Action<T, AnswerBuffer> write, Action<HostFormatException, AnswerBuffer>? writeInvalid) =>
        new() { Header = Encoding.UTF8.GetBytes(header + "\n"), Write = write, WriteInvalid = writeInvalid };

    /// <summary>Nothing but what is summed up in the end.</summary>
    internal static AnswerForm<T> None() =>
        new() { Write = static (_, _) => { }, WriteInvalid = static (_, _) => { } };

    private static void WriteInvalidFile(HostFormatException refusal, AnswerBuffer answers)
    {
        Utf8JsonWriter writer = answers.Json;
        InvalidDocument.Write(writer, refusal.FileName, refusal.Line, refusal.PropertyAndReason);
        answers.EndLine();
    }
}
