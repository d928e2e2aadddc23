using System.Diagnostics.CodeAnalysis;
using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>Plans a stream of hosts: reads a host document per line and writes its plan on a line, in order, in memory
/// that does not grow with the stream.</summary>
/// <remarks>Without state, so safe for many threads.</remarks>
[SuppressMessage("Naming", "CA1711", Justification = "It reads and writes streams.")]
public static class PlanStream
{
    /// <summary>Plans every host of a stream, on all cores. A line that is not a host document is answered with an
    /// object of status <c>invalid</c>, its line number and the reason; the next lines are still read. Of blank lines
    /// that follow one another, only the first is answered.</summary>
    /// <param name="input">The documents, in UTF-8. Read to the end and not closed.</param>
    /// <param name="output">Where the plans go, compact, each ended by a line feed. Written to as soon as lines are
    /// answered, from any thread; neither flushed nor closed. Where it fails, a read of the input may be under
    /// way yet.</param>
    /// <param name="fileName">The input's name, for hosts without a name; "-" is standard input.</param>
    /// <param name="kernel">The kernel to follow; null for what each document says.</param>
    /// <param name="module">Changes what each document's module is taken to report; null changes nothing.</param>
    /// <param name="strategies">How to change the kernel's steps.</param>
    /// <param name="progress">Gets every plan, in order, one at a time and on any thread, before it is written; null
    /// reports nothing.</param>
    /// <param name="cancellationToken">Stops between two lines.</param>
    /// <returns>How many lines there were.</returns>
    /// <exception cref="ArgumentNullException">A stream or <paramref name="fileName"/> is null.</exception>
    /// <exception cref="IOException">A stream cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static StreamSummary Run(
        Stream input,
        Stream output,
        string fileName,
        KernelModel? kernel = null,
        Func<ModuleParameters, ModuleParameters>? module = null,
        PlanStrategies strategies = PlanStrategies.None,
        IProgress<HostPlan>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Preconditions.NotNull(input, nameof(input));
        Preconditions.NotNull(output, nameof(output));
        Preconditions.NotNull(fileName, nameof(fileName));
        using DocumentLines<HostPlan> lines = new(
            (line, name, number) =>
                Create(HostDocument.Parse(line, name, number), name, number, kernel, module, strategies),
            WriteJson,
            static plan => plan.Works)
        {
            Take = progress is null ? null : progress.Report,
        };
        return lines.Run(input, output, fileName, cancellationToken);
    }

    /// <summary>Plans a host that stands on a line of a stream.</summary>
    internal static HostPlan Create(
        HostDescription host,
        string fileName,
        long line,
        KernelModel? kernel,
        Func<ModuleParameters, ModuleParameters>? module,
        PlanStrategies strategies)
    {
        if (strategies != PlanStrategies.None)
            host.ThrowIfTooLarge(fileName, line);
        KernelModel followed = host.KernelOr(kernel);
        return HostPlan.Create(host, followed, module?.Invoke(host.ModuleFor(followed)), strategies);
    }

    internal static void WriteJson(HostPlan plan, AnswerBuffer answers)
    {
        PlanDocument.Write(plan, answers.Json, withActions: false);
        answers.EndLine();
    }
}
