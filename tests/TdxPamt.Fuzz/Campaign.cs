using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace TdxPamt.Fuzz;

/// <summary>Tries many inputs on many threads. What is tried depends on the seed alone.</summary>
internal sealed class Campaign(
    IReadOnlyList<(Target Target, int Share)> targets, ulong seed, string folder, TextWriter report)
{
    /// <summary>How long an input may take, and how much it may allocate, garbage included; inputs are small.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);
    private const long MaxBytes = 512 << 20;

    /// <summary>What a line of a stream may allocate besides, all of it garbage by the next: a
    /// refusal has a stack trace.</summary>
    private const long BytesALine = 32 << 10;
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Target[] _targets =
        [.. targets.SelectMany(static pair => Enumerable.Repeat(pair.Target, pair.Share))];

    private readonly ConcurrentDictionary<string, bool> _kinds = new(StringComparer.Ordinal);
    private long _next;
    private long _done;
    private long _crashes;

    /// <summary>How many inputs broke a law so far.</summary>
    internal long Crashes => Interlocked.Read(ref _crashes);

    /// <summary>Tries the inputs from one number on to another.</summary>
    internal void Run(long from, long count, int threads)
    {
        _next = from;
        Worker[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Worker())];
        Task[] tasks = [.. workers.Select(worker => Task.Factory.StartNew(
            () => Work(worker, from + count), CancellationToken.None, TaskCreationOptions.LongRunning,
                TaskScheduler.Default))];
        Stopwatch sinceReport = Stopwatch.StartNew();
        while (!Task.WaitAll(tasks, 1000))
        {
            foreach (Worker worker in workers.Where(static worker => worker.IsHanging))
            {
                Find(worker.Target!, worker.Input!, worker.Number, new BrokenLawException("it does not end"));
                return;
            }

            if (sinceReport.Elapsed < Interval)
                continue;
            report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_done} done, {_crashes} crashes"));
            sinceReport.Restart();
        }
    }

    /// <summary>Tries an input once.</summary>
    internal void Try(Target target, byte[] input, long number)
    {
        try
        {
            Bounded(target, input);
        }
        catch (Exception exception)
        {
            Find(target, input, number, exception);
        }
    }

    private void Work(Worker worker, long end)
    {
        for (long number; (number = Interlocked.Increment(ref _next) - 1) < end;)
        {
            Chance chance = Chance.Of(seed, number);
            Target target = chance.Of<Target>(_targets);
            byte[] input = target.Make(chance);
            worker.Start(target, input, number);
            Try(target, input, number);
            Interlocked.Increment(ref _done);
        }

        worker.Start(null, null, end);
    }

    /// <summary>Tries an input. Slow is what takes long by the clock and by this process's use of processors: on a
    /// busy machine others may have had them.</summary>
    private static void Bounded(Target target, byte[] input)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan used = Environment.CpuUsage.TotalTime;
        target.Try(input);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        used = (Environment.CpuUsage.TotalTime - used) / Environment.ProcessorCount;
        long most = MaxBytes + (BytesALine * input.AsSpan().Count((byte)'\n'));
        Law.Holds(bytes <= most, $"memory is bounded: {bytes} bytes");
        Law.Holds(watch.Elapsed <= MaxTime || used <= MaxTime, $"time is bounded: {used.TotalSeconds:f1} s");
    }

    /// <summary>Counts a finding, and keeps the first of its kind.</summary>
    private void Find(Target target, byte[] input, long number, Exception exception)
    {
        Interlocked.Increment(ref _crashes);
        string place = (exception.StackTrace ?? "").Split('\n')
            .Select(static line => line.Trim())
            .FirstOrDefault(static line => line.StartsWith("at TdxPamt", StringComparison.Ordinal)
                && !line.Contains(nameof(Law), StringComparison.Ordinal)) ?? "";
        string law = exception is BrokenLawException ? exception.Message.Split(':')[0] : "";
        if (!_kinds.TryAdd($"{target.Name} {exception.GetType()} {place} {law}", true))
            return;
        Directory.CreateDirectory(folder);
        string file = Path.Combine(
            folder, string.Create(CultureInfo.InvariantCulture, $"{target.Name}-{seed}-{number}.txt"));
        string what = $"{exception.GetType().Name}: {exception.Message}".ReplaceLineEndings(" ");
        Seed.Write(file, target.Name, what, input);
        report.WriteLine($"{file}: {what} {place}");
        if (exception is not BrokenLawException)
            report.WriteLine(exception.ToString());
    }

    private sealed class Worker
    {
        private long _since;

        internal Target? Target { get; private set; }

        internal byte[]? Input { get; private set; }

        internal long Number { get; private set; }

        internal bool IsHanging => Target is not null && Stopwatch.GetElapsedTime(Volatile.Read(ref _since)) > Hang;

        internal void Start(Target? target, byte[]? input, long number)
        {
            Volatile.Write(ref _since, Stopwatch.GetTimestamp());
            Target = target;
            Input = input;
            Number = number;
        }
    }
}
