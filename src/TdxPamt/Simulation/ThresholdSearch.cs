namespace TdxPamt.Simulation;

/// <summary>Finds a threshold by bisection: of the estimate, then of both ends of its confidence interval.</summary>
/// <remarks>All three ask how many trials fail at a fraction, and share the answers. A fraction's trials end early once
/// more of them have failed than any of the three allows.</remarks>
internal sealed class ThresholdSearch
{
    /// <summary>The factor from one fraction to the next, until one has too many failures.</summary>
    private const double BracketGrowth = 4;

    private readonly double _level;
    private readonly double _precision;
    private readonly double _smallest;
    private readonly int _trials;
    private readonly Func<double, int, int?> _countFailures;
    private readonly SortedDictionary<double, int> _failures = [];
    private readonly int _maxFailures;

    /// <summary>Makes a search.</summary>
    /// <param name="level">The probability of success that is wanted.</param>
    /// <param name="precision">The width of the last bracket, as a share of its upper end.</param>
    /// <param name="smallest">The smallest fraction that is tried.</param>
    /// <param name="trials">How many trials a fraction gets.</param>
    /// <param name="countFailures">Counts the failures among a fraction's trials, until they are more than a limit;
    /// null if it was cancelled.</param>
    internal ThresholdSearch(
        double level, double precision, double smallest, int trials, Func<double, int, int?> countFailures)
    {
        _level = level;
        _precision = precision;
        _smallest = smallest;
        _trials = trials;
        _countFailures = countFailures;
        _maxFailures = MaxFailures(static proportion => proportion.High);
    }

    internal UnmovableThreshold Run()
    {
        int estimate = MaxFailures(static proportion => proportion.Value);
        int surely = MaxFailures(static proportion => proportion.Low);
        bool complete = TryBracket() && TryBisect(estimate) && TryBisect(surely) && TryBisect(_maxFailures);
        return new UnmovableThreshold(_level, _trials)
        {
            Points = _failures.Count,
            Unmovable = Bracket(estimate).Low,
            Low = Bracket(surely).Low,
            High = Bracket(_maxFailures).High,
            IsReachable = _failures.TryGetValue(0, out int failures) && failures <= estimate,
            IsComplete = complete,
        };
    }

    /// <summary>The largest number of failures with which an estimate of the success probability is at the level or
    /// above; -1 where there is none.</summary>
    private int MaxFailures(Func<Proportion, double> estimate)
    {
        int low = -1;
        int high = _trials;
        while (low < high)
        {
            int middle = (int)(((long)low + high + 1) >> 1);
            if (estimate(new(_trials - middle, _trials)) >= _level)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>Tries larger and larger fractions until one has too many failures. It starts with the smallest, because
    /// a trial takes time in proportion to its fraction.</summary>
    private bool TryBracket()
    {
        double unmovable = 0;
        while (TryCount(unmovable, out int failures))
        {
            if (failures > _maxFailures || unmovable == 1)
                return true;
            unmovable = Math.Min(1, Math.Max(_smallest, unmovable * BracketGrowth));
        }

        return false;
    }

    private bool TryBisect(int maxFailures)
    {
        while (true)
        {
            (double low, double high) = Bracket(maxFailures);
            if (high - low <= Math.Max(_precision * high, _precision * _smallest))
                return true;
            if (!TryCount((low + high) / 2, out _))
                return false;
        }
    }

    /// <summary>The lowest fraction known to have more failures than that, or 1, and the highest known fraction below
    /// it, or 0.</summary>
    private (double Low, double High) Bracket(int maxFailures)
    {
        double low = 0;
        foreach ((double unmovable, int failures) in _failures)
        {
            if (failures > maxFailures)
                return (low, unmovable);
            low = unmovable;
        }

        return (low, 1);
    }

    private bool TryCount(double unmovable, out int failures)
    {
        int? counted = _countFailures(unmovable, _maxFailures);
        failures = counted.GetValueOrDefault();
        if (counted is not null)
            _failures.Add(unmovable, failures);
        return counted is not null;
    }
}
