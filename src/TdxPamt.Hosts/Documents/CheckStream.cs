using System.Diagnostics.CodeAnalysis;
using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>Checks a stream of sets of TDMRs as the TDX module does: reads a plan document per line and writes its
/// verdict on a line, in order, in memory that does not grow with the stream.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
[SuppressMessage("Naming", "CA1711", Justification = "It reads and writes streams.")]
public static class CheckStream
{
    /// <summary>Checks every set of a stream, on all cores. A line that is not a plan document is answered with an
    /// object of status <c>invalid</c>, its line number and the reason; the document of a plan that failed, with one of
    /// status <c>failed</c>. The next lines are still read. Of blank lines that follow one another, only the first
    /// is answered.</summary>
    /// <param name="input">The documents, in UTF-8. Read to the end and not closed.</param>
    /// <param name="output">Where the verdicts go, compact, each ended by a line feed. Written to as soon as lines
    /// are answered, from any thread; neither flushed nor closed. Where it fails, a read of the input may be under
    /// way yet.</param>
    /// <param name="fileName">The input's name, for sets without a name; "-" is standard input.</param>
    /// <param name="change">Changes each set before it is checked; null changes nothing.</param>
    /// <param name="progress">Gets every verdict, in order, one at a time and on any thread, before it is written; of
    /// plans that failed <see cref="ModuleVerdict.NotAsked"/>. Null reports nothing.</param>
    /// <param name="cancellationToken">Stops between two lines.</param>
    /// <returns>How many lines there were; failed ones are those that the module rejects, and failed plans.</returns>
    /// <exception cref="ArgumentNullException">A stream or <paramref name="fileName"/> is null.</exception>
    /// <exception cref="IOException">A stream cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static StreamSummary Run(
        Stream input,
        Stream output,
        string fileName,
        Func<TdmrSet, TdmrSet>? change = null,
        IProgress<ModuleVerdict>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Preconditions.NotNull(input, nameof(input));
        Preconditions.NotNull(output, nameof(output));
        Preconditions.NotNull(fileName, nameof(fileName));
        using DocumentLines<CheckedSet> lines = new(
            (line, name, number) => CheckedSet.Create(PlanDocument.Parse(line, name, number), change),
            WriteJson,
            static it => it.Works)
        {
            Take = progress is null ? null : it => progress.Report(it.Verdict),
        };
        return lines.Run(input, output, fileName, cancellationToken);
    }

    internal static void WriteJson(CheckedSet it, AnswerBuffer answers)
    {
        VerdictDocument.Write(it, answers.Json);
        answers.EndLine();
    }
}
