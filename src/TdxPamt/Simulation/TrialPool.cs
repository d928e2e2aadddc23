using System.Runtime.ExceptionServices;

namespace TdxPamt.Simulation;

/// <summary>Runs the trials of a simulation on several threads, all of which have ended when it returns.</summary>
internal sealed class TrialPool(
    Func<TrialRunner> createRunner, SimulationOptions options, int maxFailures, CancellationToken cancellationToken)
{
    /// <summary>How many trials a thread takes at a time.</summary>
    private const int Batch = 16;

    private long _next;
    private int _done;
    private int _failures;
    private volatile bool _stop;
    private ExceptionDispatchInfo? _error;

    /// <summary>Runs all trials, unless it is cancelled or more than the maximum fail.</summary>
    /// <returns>The sums over the trials that were run.</returns>
    internal TrialTally Run()
    {
        int batches = ((options.Trials - 1) / Batch) + 1;
        TrialRunner[] runners = new TrialRunner[Math.Min(options.Threads, batches)];
        for (int i = 0; i < runners.Length; i++)
            runners[i] = createRunner();
        Thread[] helpers = new Thread[runners.Length - 1];
        for (int i = 0; i < helpers.Length; i++)
        {
            TrialRunner runner = runners[i + 1];
            helpers[i] = new Thread(() => RunTrials(runner, progress: null)) { IsBackground = true };
            helpers[i].Start();
        }

        RunTrials(runners[0], options.Progress);
        foreach (Thread helper in helpers)
            helper.Join();
        _error?.Throw();
        options.Progress?.Report(_done);
        for (int i = 1; i < runners.Length; i++)
            runners[0].Tally.Add(runners[i].Tally);
        return runners[0].Tally;
    }

    private void RunTrials(TrialRunner runner, IProgress<int>? progress)
    {
        try
        {
            while (TryTakeBatch(out int trial, out int end))
            {
                int first = trial;
                for (; trial < end && !_stop && !cancellationToken.IsCancellationRequested; trial++)
                {
                    if (runner.Run(trial) is not { } succeeded)
                        break;
                    if (!succeeded && Interlocked.Increment(ref _failures) > maxFailures)
                        _stop = true;
                }

                int done = Interlocked.Add(ref _done, trial - first);
                progress?.Report(done);
            }
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(exception), null);
            _stop = true;
        }
    }

    private bool TryTakeBatch(out int first, out int end)
    {
        long taken = Interlocked.Add(ref _next, Batch) - Batch;
        bool any = taken < options.Trials && !_stop && !cancellationToken.IsCancellationRequested;
        first = any ? (int)taken : 0;
        end = any ? (int)Math.Min(taken + Batch, options.Trials) : 0;
        return any;
    }
}
