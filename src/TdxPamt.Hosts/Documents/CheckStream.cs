using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>Checks a stream of sets of TDMRs as the TDX module does: reads a plan document per line and writes its
/// verdict on a line, in order, in memory that does not grow with the stream.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
[SuppressMessage("Naming", "CA1711", Justification = "It reads and writes streams.")]
public static class CheckStream
{
    /// <summary>Checks every set of a stream. A line that is not a plan document, such as a blank line, is
    /// answered with an object of status <c>invalid</c>, its line number and the reason; the next lines are
    /// still read.</summary>
    /// <param name="input">The documents, in UTF-8. Read to the end and not closed.</param>
    /// <param name="output">Where the verdicts go, compact, each ended by a line feed. Written to before every read
    /// that may wait; neither flushed nor closed.</param>
    /// <param name="fileName">The input's name, for sets without a name; "-" is standard input.</param>
    /// <param name="change">Changes each set before it is checked; null changes nothing.</param>
    /// <param name="progress">Gets every verdict, in order, before it is written; null reports nothing.</param>
    /// <param name="cancellationToken">Stops between two lines.</param>
    /// <returns>How many lines there were; failed ones are those that the module rejects.</returns>
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
        return DocumentLines.Run(input, output, fileName, Answer, cancellationToken);

        bool Answer(ReadOnlySpan<byte> line, long number, Utf8JsonWriter writer)
        {
            TdmrSet set = PlanDocument.Parse(line, fileName, number);
            ModuleVerdict verdict = (change?.Invoke(set) ?? set).Check();
            progress?.Report(verdict);
            VerdictDocument.Write(set.Name, verdict, writer);
            return !verdict.IsRejected;
        }
    }
}
