using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>Asks the TDX module about a stream of sets of TDMRs: a plan document on each line in, the verdict on a line
/// out, in order, in memory that does not grow with the stream.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
[SuppressMessage("Naming", "CA1711", Justification = "It is about a stream, and derives from nothing.")]
public static class CheckStream
{
    /// <summary>Checks every set of a stream. A line that is no plan document is answered with an object of status
    /// <c>invalid</c>, its line number and the reason, and does not stop the rest; a blank line is one too.</summary>
    /// <param name="input">The documents, in UTF-8. Read to the end and not closed.</param>
    /// <param name="output">Where the verdicts go, compact, each ended by a line feed. Written to before every read
    /// that
    /// may wait, neither flushed nor closed.</param>
    /// <param name="fileName">The input's name, for sets without a name; "-" is standard input.</param>
    /// <param name="progress">Who is told of every verdict, in order, before it is written; null: nobody.</param>
    /// <param name="cancellationToken">Stops between two lines.</param>
    /// <returns>How many lines there were; those that failed are those rejected.</returns>
    /// <exception cref="ArgumentNullException">A stream or <paramref name="fileName"/> is null.</exception>
    /// <exception cref="IOException">A stream cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static StreamSummary Run(
        Stream input,
        Stream output,
        string fileName,
        IProgress<ModuleVerdict>? progress = null,
        CancellationToken cancellationToken = default)
    {
        _ = input ?? throw new ArgumentNullException(nameof(input));
        _ = output ?? throw new ArgumentNullException(nameof(output));
        _ = fileName ?? throw new ArgumentNullException(nameof(fileName));
        return DocumentLines.Run(input, output, fileName, Answer, cancellationToken);

        bool Answer(ReadOnlySpan<byte> line, long number, Utf8JsonWriter writer)
        {
            TdmrSet set = PlanDocument.Parse(line, fileName, number);
            ModuleVerdict verdict = set.Check();
            progress?.Report(verdict);
            VerdictDocument.Write(set.Name, verdict, writer);
            return verdict.IsAccepted;
        }
    }
}
