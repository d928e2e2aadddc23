using System.Buffers;
using System.Collections.Concurrent;

namespace TdxPamt.Hosts;

/// <summary>Answers streams of one JSON document on each line: on all cores, in order, in memory that does not grow
/// with the stream. What is written does not depend on the number of cores.</summary>
/// <typeparam name="T">What is known of a line once it is answered.</typeparam>
/// <param name="answer">Answers a line, on any thread.</param>
/// <param name="write">Writes an answer, on any thread.</param>
/// <param name="works">Whether an answer is not counted as failed.</param>
internal sealed class DocumentLines<T>(
    DocumentLines<T>.LineAnswer answer, Action<T, AnswerBuffer> write, Func<T, bool> works) : IDisposable
{
    /// <summary>How much of a stream is one job, in bytes; a longer line is a job of its own.</summary>
    private const int JobBytes = 16 * 1024;

    private readonly ConcurrentBag<AnswerBuffer> _buffers = [];

    /// <summary>Answers a line; throws <see cref="HostFormatException"/> where it is not such a document.</summary>
    internal delegate T LineAnswer(ReadOnlySpan<byte> line, string fileName, long number);

    /// <summary>Writes why a line has no answer, on any thread.</summary>
    internal Action<HostFormatException, AnswerBuffer> WriteInvalid { get; init; } = InvalidDocument.Write;

    /// <summary>Takes the answers in order, before they are written; null takes nothing.</summary>
    internal Action<T>? Take { get; init; }

    /// <summary>How many jobs may be under way.</summary>
    internal int MaxJobs { get; init; } = OrderedWork.DefaultMaxJobs;

    /// <summary>Answers all lines of a stream.</summary>
    internal StreamSummary Run(Stream input, Stream output, string fileName, CancellationToken cancellationToken)
    {
        StreamSummary summary = default;
        bool isCut = false;
        OrderedWork.Run(
            Jobs(input, fileName, cancellationToken),
            MaxJobs,
            static job => job.Size,
            job => AnswerLines(job, fileName, cancellationToken),
            TakeLines);
        cancellationToken.ThrowIfCancellationRequested();
        return summary;

        void TakeLines(LineAnswers result)
        {
            if (isCut)
                return;
            isCut = result.IsCut;
            if (Take is not null)
            {
                foreach (T answered in result.Answers)
                    Take(answered);
            }

            if (result.Buffer.Written.Length > 0)
                output.Write(result.Buffer.Written);
            summary = new(
                summary.Lines + result.Summary.Lines,
                summary.Invalid + result.Summary.Invalid,
                summary.Failed + result.Summary.Failed);
            Keep(result.Buffer);
        }
    }

    public void Dispose()
    {
        foreach (AnswerBuffer buffer in _buffers)
            buffer.Dispose();
    }

    private static IEnumerable<LineJob> Jobs(Stream input, string fileName, CancellationToken cancellationToken)
    {
        using LineBuffer buffer = new(input, HostDocument.MaxBytes);
        long lines = 0;
        bool isAfterBlank = false;
        while (!cancellationToken.IsCancellationRequested && buffer.MoveNext())
        {
            for (int start = 0, length = buffer.Text.Length; start < length;)
            {
                LineJob job = buffer.IsTooLong
                    ? new(fileName, lines)
                    : new(buffer.Text.Slice(start, JobLength(buffer.Text[start..])), lines, isAfterBlank);
                start = buffer.IsTooLong ? length : start + job.Length;
                lines += job.Lines;
                isAfterBlank = job.EndsBlank;
                yield return job;
            }
        }
    }

    /// <summary>The length of the first whole lines of a text that are together a job.</summary>
    private static int JobLength(ReadOnlySpan<byte> text)
    {
        if (text.Length <= JobBytes)
            return text.Length;
        int end = text[..JobBytes].LastIndexOf((byte)'\n');
        if (end < 0)
            end = text.IndexOf((byte)'\n');
        return end < 0 ? text.Length : end + 1;
    }

    private LineAnswers AnswerLines(LineJob job, string fileName, CancellationToken cancellationToken)
    {
        AnswerBuffer buffer = _buffers.TryTake(out AnswerBuffer? kept) ? kept : new();
        LineAnswers result = new(buffer);
        if (job.Refusal is not null)
        {
            result.Refuse(job.Refusal, WriteInvalid);
            return result;
        }

        bool isAfterBlank = job.IsAfterBlank;
        for (ReadOnlySpan<byte> text = job.Text; !text.IsEmpty;)
        {
            if (result.IsCut = cancellationToken.IsCancellationRequested)
                break;
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            long number = job.LinesBefore + result.Summary.Lines + 1;
            bool isBlank = LineJob.IsBlank(line);
            if (!isBlank)
                AnswerLine(line, fileName, number, result);
            else if (isAfterBlank)
                result.CountInvalid();
            else
                result.Refuse(InvalidDocument.Blank(fileName, number), WriteInvalid);
            isAfterBlank = isBlank;
        }

        job.Free();
        return result;
    }

    private void AnswerLine(ReadOnlySpan<byte> line, string fileName, long number, LineAnswers result)
    {
        T answered;
        try
        {
            answered = answer(line, fileName, number);
        }
        catch (HostFormatException refusal)
        {
            result.Refuse(refusal, WriteInvalid);
            return;
        }

        write(answered, result.Buffer);
        result.Count(works(answered));
        if (Take is not null)
            result.Answers.Add(answered);
    }

    private void Keep(AnswerBuffer buffer)
    {
        if (buffer.IsLarge)
        {
            buffer.Dispose();
            return;
        }

        buffer.Clear();
        _buffers.Add(buffer);
    }

    /// <summary>Some whole lines of a stream, or why a single one is refused.</summary>
    private sealed class LineJob
    {
        private readonly byte[] _bytes = [];

        internal LineJob(ReadOnlySpan<byte> text, long linesBefore, bool isAfterBlank)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(text.Length);
            text.CopyTo(_bytes);
            Length = text.Length;
            LinesBefore = linesBefore;
            IsAfterBlank = isAfterBlank;
            ReadOnlySpan<byte> lines = text[^1] == '\n' ? text[..^1] : text;
            Lines = LineBuffer.CountLines(lines) + 1;
            EndsBlank = IsBlank(lines[(lines.LastIndexOf((byte)'\n') + 1)..]);
        }

        internal LineJob(string fileName, long linesBefore)
        {
            Lines = 1;
            Refusal = HostDocument.TooLarge(fileName, linesBefore + 1);
        }

        internal HostFormatException? Refusal { get; }

        internal ReadOnlySpan<byte> Text => _bytes.AsSpan(0, Length);

        internal int Length { get; }

        internal long LinesBefore { get; }

        internal long Lines { get; }

        /// <summary>Whether the line before is blank.</summary>
        internal bool IsAfterBlank { get; }

        internal bool EndsBlank { get; }

        /// <summary>What it takes of the room for jobs: a long line takes most of it.</summary>
        internal int Size => 1 + (Length / (8 * JobBytes));

        internal static bool IsBlank(ReadOnlySpan<byte> line)
        {
            foreach (byte character in line)
            {
                if (character is not ((byte)' ' or (byte)'\t' or (byte)'\r'))
                    return false;
            }

            return true;
        }

        internal void Free() => ArrayPool<byte>.Shared.Return(_bytes);
    }

    /// <summary>The answers to a job.</summary>
    private sealed class LineAnswers(AnswerBuffer buffer)
    {
        internal AnswerBuffer Buffer => buffer;

        internal List<T> Answers { get; } = [];

        internal StreamSummary Summary { get; private set; }

        /// <summary>Whether lines are missing at its end.</summary>
        internal bool IsCut { get; set; }

        internal void Count(bool works) => Summary = Summary with
        {
            Lines = Summary.Lines + 1,
            Failed = Summary.Failed + (works ? 0 : 1),
        };

        internal void CountInvalid() =>
            Summary = Summary with { Lines = Summary.Lines + 1, Invalid = Summary.Invalid + 1 };

        internal void Refuse(HostFormatException refusal, Action<HostFormatException, AnswerBuffer> write)
        {
            write(refusal, buffer);
            CountInvalid();
        }
    }
}
