using System.Diagnostics.CodeAnalysis;

namespace TdxPamt.Hosts;

/// <summary>Does work on all cores and takes its results in order, of which only a few wait at a time.</summary>
internal static class OrderedWork
{
    /// <summary>As many jobs as keep all cores busy while results wait for a slow one before them.</summary>
    internal static int DefaultMaxJobs { get; } = Environment.ProcessorCount == 1 ? 1 : 2 * Environment.ProcessorCount;

    /// <summary>Does jobs.</summary>
    /// <param name="jobs">The jobs; enumerated by the caller's thread, no further than there is room.</param>
    /// <param name="maxJobs">How many may be under way; 1 does all on the caller's thread.</param>
    /// <param name="size">How large a job is: 1, or more for one that takes the room of as many.</param>
    /// <param name="work">Does a job, on any thread, several at a time.</param>
    /// <param name="take">Takes a result, in the order of the jobs, one at a time.</param>
    /// <remarks>What <paramref name="work"/> or <paramref name="take"/> throws ends the run and is thrown on; results
    /// of later jobs are not taken.</remarks>
    internal static void Run<TJob, TResult>(
        IEnumerable<TJob> jobs, int maxJobs, Func<TJob, int> size, Func<TJob, TResult> work, Action<TResult> take)
    {
        if (maxJobs == 1)
        {
            foreach (TJob job in jobs)
                take(work(job));
            return;
        }

        Pipeline<TResult> pipeline = new(maxJobs, take);
        Thread reader = new(() => pipeline.Feed(jobs, size, work)) { IsBackground = true };
        reader.Start();
        pipeline.Wait();
    }

    /// <summary>The jobs under way.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "Jobs may use the room after a failure.")]
    private sealed class Pipeline<TResult>(int maxJobs, Action<TResult> take)
    {
        private readonly SemaphoreSlim _room = new(maxJobs);
        private readonly TaskCompletionSource<bool> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Returns when all is taken, or as soon as something failed: a reader that waits for input then finds
        /// out only when it gets some.</summary>
        internal void Wait() => _end.Task.GetAwaiter().GetResult();

        internal void Feed<TJob>(IEnumerable<TJob> jobs, Func<TJob, int> size, Func<TJob, TResult> work)
        {
            Task last = Task.CompletedTask;
            try
            {
                foreach (TJob job in jobs)
                {
                    int needed = Math.Min(size(job), maxJobs);
                    for (int i = 0; i < needed; i++)
                        _room.Wait();
                    if (_end.Task.IsCompleted)
                        return;
                    last = TakeAfter(last, Task.Run(() => work(job)), needed);
                }

                last.GetAwaiter().GetResult();
                _end.TrySetResult(true);
            }
            catch (Exception failure)
            {
                // What was read before is answered first.
                _ = Task.WhenAny(last).GetAwaiter().GetResult();
                _end.TrySetException(failure);
            }
        }

        private async Task TakeAfter(Task before, Task<TResult> done, int needed)
        {
            try
            {
                await before.ConfigureAwait(false);
                take(await done.ConfigureAwait(false));
            }
            catch (Exception failure)
            {
                _end.TrySetException(failure);
                throw;
            }
            finally
            {
                _room.Release(needed);
            }
        }
    }
}
