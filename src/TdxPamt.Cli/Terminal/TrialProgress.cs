namespace TdxPamt.Cli;

/// <summary>Shows how many trials of all runs are done.</summary>
/// <param name="line">Where to show it.</param>
/// <param name="trials">The trials of each run.</param>
/// <param name="runs">The number of runs; null where it is not known beforehand.</param>
internal sealed class TrialProgress(ProgressLine line, int trials, int? runs) : IProgress<int>
{
    private string _what = "";
    private long _before;
    private int _last;

    internal void Start(string what)
    {
        _what = $"trials, {what}";
        EndRun();
    }

    /// <summary>Takes the number of trials of a run that are done; if it falls, another run has begun.</summary>
    public void Report(int value)
    {
        if (value < _last)
            EndRun();
        _last = value;
        long done = _before + value;
        line.Show(done, _what, () => (double)done / trials / runs);
    }

    private void EndRun()
    {
        _before += _last == 0 ? 0 : trials;
        _last = 0;
    }
}
