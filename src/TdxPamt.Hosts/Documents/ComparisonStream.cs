using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Hosts;

/// <summary>Compares what can be done on a stream of hosts: reads a host document per line and writes its comparison
/// on a line, in order, in memory that does not grow with the stream.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
[SuppressMessage("Naming", "CA1711", Justification = "It reads and writes streams.")]
public static class ComparisonStream
{
    /// <summary>Compares what can be done on every host of a stream, on all cores. A line that is not a host document
    /// is answered with an object of status <c>invalid</c>, its line number and the reason; the next lines are still
    /// read. Of blank lines that follow one another, only the first is answered.</summary>
    /// <param name="input">The documents, in UTF-8. Read to the end and not closed.</param>
    /// <param name="output">Where the comparisons go, compact, each ended by a line feed. Written to as soon as lines
    /// are answered, from any thread; neither flushed nor closed. Where it fails, a read of the input may be under
    /// way yet.</param>
    /// <param name="fileName">The input's name, for hosts without a name; "-" is standard input.</param>
    /// <param name="compare">Compares what can be done on a host; null compares with the module that it names.</param>
    /// <param name="progress">Gets every answer, in order, one at a time and on any thread, before it is written; null
    /// reports nothing.</param>
    /// <param name="cancellationToken">Stops between two lines.</param>
    /// <returns>How many lines there were; failed ones are hosts without a plan to recommend.</returns>
    /// <exception cref="ArgumentNullException">A stream or <paramref name="fileName"/>
    /// is null.</exception>
    /// <exception cref="IOException">A stream cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static StreamSummary Run(
        Stream input,
        Stream output,
        string fileName,
        Func<HostDescription, HostComparison>? compare = null,
        IProgress<HostComparison>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Preconditions.NotNull(input, nameof(input));
        Preconditions.NotNull(output, nameof(output));
        Preconditions.NotNull(fileName, nameof(fileName));
        compare ??= static host => HostComparison.Create(host);
        using DocumentLines<HostComparison> lines = new(
            (line, name, number) => compare(HostDocument.Parse(line, name, number).ThrowIfTooLarge(name, number)),
            WriteJson,
            static answer => answer.Plans.Recommended is not null)
        {
            Take = progress is null ? null : progress.Report,
        };
        return lines.Run(input, output, fileName, cancellationToken);
    }

    internal static void WriteJson(HostComparison answer, AnswerBuffer answers)
    {
        ComparisonDocument.Write(answer, answers.Bytes);
        answers.EndLine();
    }
}
