using System.Diagnostics.CodeAnalysis;
using TdxPamt.Hosts;

namespace TdxPamt.Cli;

/// <summary>Answers many inputs, files or lines of files: on all cores, in order, in memory that does not grow with
/// their number. One that cannot be read costs its own answer, not the rest.</summary>
/// <param name="terminal">Where inputs come from and answers go to.</param>
/// <param name="tally">What counts the answers.</param>
/// <param name="isQuiet">Whether nothing is to be said beside the answers.</param>
/// <param name="isVerbose">Whether the sum was asked for.</param>
internal sealed class Batch(Terminal terminal, Tally tally, bool isQuiet, bool isVerbose)
{
    /// <summary>Where the answers go; null is standard output.</summary>
    internal string? Output { get; init; }

    /// <summary>How many inputs may be under way.</summary>
    internal int MaxJobs { get; init; } = OrderedWork.DefaultMaxJobs;

    /// <summary>Stops before the next input.</summary>
    internal CancellationToken Interrupt { get; init; }

    /// <summary>How many inputs could not be read.</summary>
    internal long Invalid { get; private set; }

    /// <summary>Answers files, each as a whole. If there is only one, and it cannot be read, that is thrown.</summary>
    /// <param name="files">The names of the files.</param>
    /// <param name="read">Reads and answers a file, on any thread.</param>
    /// <param name="exitCode">The exit code that an answer leads to; the largest counts.</param>
    /// <param name="form">How to write answers.</param>
    /// <param name="take">Takes the answers in order.</param>
    /// <returns>The exit code.</returns>
    internal int AnswerFiles<T>(
        string[] files, Func<string, T> read, Func<T, int> exitCode, AnswerForm<T> form, Action<T> take)
    {
        Terminal.ThrowIfInputIsNamedTwice(files);
        bool isSingle = files.Length == 1;
        tally.Share = () => (double)tally.Count / files.Length;
        int code = Terminal.Done;
        bool isFirst = true;
        using MemoryStream? whole = Output is null ? null : new();
        WriteHeader(form, whole);
        OrderedWork.Run(
            files.TakeWhile(_ => !Interrupt.IsCancellationRequested),
            isSingle ? 1 : MaxJobs,
            static _ => 1,
            file => FileAnswer<T>.Create(file, read, form, isRefusalThrown: isSingle),
            Take);
        string sum = tally.Summary(Invalid);
        if (whole is not null)
            terminal.Write(whole.GetBuffer().AsSpan(0, (int)whole.Length), Output);
        if (!isSingle)
            terminal.Summarize(sum, isQuiet, isVerbose);
        return code;

        void Take(FileAnswer<T> answer)
        {
            if (answer.Refusal is { } refusal)
            {
                Invalid++;
                code = Terminal.Refused;
                if (form.WriteInvalid is null)
                    terminal.Report(refusal.Message);
            }
            else
            {
                take(answer.Value!);
                code = Math.Max(code, exitCode(answer.Value!));
            }

            terminal.WriteAnswer(answer.Page, answer.Bytes, whole, form.IsSpaced && !isFirst);
            isFirst &= answer.Page is null;
            answer.Dispose();
        }
    }

    /// <summary>Answers files of one document per line, one file after another.</summary>
    /// <param name="files">The names of the files.</param>
    /// <param name="lines">What answers the lines.</param>
    /// <param name="form">How its answers are written.</param>
    /// <returns>The exit code.</returns>
    internal int AnswerLines<T>(string[] files, DocumentLines<T> lines, AnswerForm<T> form)
    {
        Terminal.ThrowIfInputIsNamedTwice(files);
        WriteHeader(form, whole: null);
        foreach (string file in files)
        {
            if (!TryOpen(file, files.Length == 1, out Stream? stream, out HostFormatException? refusal))
            {
                Invalid++;
                ReportInvalid(refusal, form);
                continue;
            }

            using (stream)
            {
                tally.Share = Tally.ShareOf(stream);
                try
                {
                    Invalid += lines.Run(stream, terminal.Output, Terminal.NameOf(file), Interrupt).Invalid;
                }
                catch (OperationCanceledException)
                {
                    return Terminal.Interrupted;
                }
            }
        }

        terminal.Summarize(tally.Summary(Invalid), isQuiet, isVerbose);
        return Invalid > 0 ? Terminal.Refused : Terminal.Done;
    }

    private void WriteHeader<T>(AnswerForm<T> form, MemoryStream? whole)
    {
        if (form.Header.Length > 0)
            terminal.WriteAnswer(page: null, form.Header, whole, isSpaced: false);
    }

    private void ReportInvalid<T>(HostFormatException refusal, AnswerForm<T> form)
    {
        if (form.WriteInvalid is null)
        {
            terminal.Report(refusal.Message);
            return;
        }

        using AnswerBuffer answers = new();
        form.WriteInvalid(refusal, answers);
        terminal.Output.Write(answers.Written);
    }

    private bool TryOpen(
        string file,
        bool isRefusalThrown,
        [NotNullWhen(true)] out Stream? stream,
        [NotNullWhen(false)] out HostFormatException? refusal)
    {
        try
        {
            refusal = null;
            stream = terminal.Open(file);
            return true;
        }
        catch (IOException exception) when (!isRefusalThrown)
        {
            stream = null;
            refusal = FileAnswer<int>.RefusalOf(file, exception);
            return false;
        }
    }
}
