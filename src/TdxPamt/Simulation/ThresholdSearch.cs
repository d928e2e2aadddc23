namespace TdxPamt.Simulation;

/// <summary>Finds a threshold by bisection: of the estimate, then of both ends of its uncertainty.</summary>
/// <remarks>
/// All three ask how many trials failed at a fraction, and share the answers. A fraction at which more failed than even
/// the upper end allows is settled at once, whatever the trials that were not run would have said.
/// </remarks>
internal sealed class ThresholdSearch
{
    private const double FirstSteps = 4;

    private readonly double _level;
    private readonly double _precision;
    private readonly double _smallest;
    private readonly int _trials;
    private readonly Func<double, int, int?> _countFailures;
    private readonly SortedDictionary<double, int> _failures = [];
    private readonly int _mostFailures;

    /// <summary>Sets a search up.</summary>
    /// <param name="level">The level.</param>
    /// <param name="precision">The width of the last bracket as a share of its upper end.</param>
    /// <param name="smallest">The smallest fraction worth a trial.</param>
    /// <param name="trials">Trials for each fraction.</param>
    /// <param name="countFailures">Runs them for a fraction until more than so many failed; null: cancelled.</param>
    internal ThresholdSearch(
        double level, double precision, double smallest, int trials, Func<double, int, int?> countFailures)
    {
        _level = level;
        _precision = precision;
        _smallest = smallest;
        _trials = trials;
        _countFailures = countFailures;
        _mostFailures = MostFailures(static proportion => proportion.High);
    }

    internal UnmovableThreshold Run()
    {
        int estimate = MostFailures(static proportion => proportion.Value);
        int surely = MostFailures(static proportion => proportion.Low);
        bool complete = TryBracket() && TryBisect(estimate) && TryBisect(surely) && TryBisect(_mostFailures);
        return new UnmovableThreshold(_level, _trials)
        {
            Points = _failures.Count,
            Unmovable = Bracket(estimate).Low,
            Low = Bracket(surely).Low,
            High = Bracket(_mostFailures).High,
            IsReachable = _failures.TryGetValue(0, out int failures) && failures <= estimate,
            IsComplete = complete,
        };
    }

    /// <summary>The most failures with which a figure of the successes is at the level; -1 where none is.</summary>
    private int MostFailures(Func<Proportion, double> figure)
    {
        int low = -1;
        int high = _trials;
        while (low < high)
        {
            int middle = high - ((high - low) / 2);
            if (figure(new(_trials - middle, _trials)) >= _level)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>Goes up from a fraction that hits one block a trial, because trials cost what they hit.</summary>
    private bool TryBracket()
    {
        double unmovable = 0;
        while (TryCount(unmovable, out int failures))
        {
            if (failures > _mostFailures || unmovable == 1)
                return true;
            unmovable = Math.Min(1, Math.Max(_smallest, unmovable * FirstSteps));
        }

        return false;
    }

    private bool TryBisect(int mostFailures)
    {
        while (true)
        {
            (double low, double high) = Bracket(mostFailures);
            if (high - low <= Math.Max(_precision * high, _precision * _smallest))
                return true;
            if (!TryCount((low + high) / 2, out _))
                return false;
        }
    }

    /// <summary>The lowest fraction known to fail more often than that, or 1, and the highest one below it known not
    /// to, or 0.</summary>
    private (double Low, double High) Bracket(int mostFailures)
    {
        double low = 0;
        foreach ((double unmovable, int failures) in _failures)
        {
            if (failures > mostFailures)
                return (low, unmovable);
            low = unmovable;
        }

        return (low, 1);
    }

    private bool TryCount(double unmovable, out int failures)
    {
        int? counted = _countFailures(unmovable, _mostFailures);
        failures = counted.GetValueOrDefault();
        if (counted is not null)
            _failures.Add(unmovable, failures);
        return counted is not null;
    }
}
