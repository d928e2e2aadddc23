#if NET
using System.Runtime.Intrinsics;
#endif

namespace TdxPamt.Simulation;

/// <summary>The geometric distribution: how many steps it takes until an event happens that is equally likely
/// at each step.</summary>
internal readonly struct GeometricLength
{
    /// <summary>Random numbers above this draw one step.</summary>
    private readonly double _oneStep;
    private readonly double _perLog;

    internal GeometricLength(double probability)
    {
        _oneStep = 1 - probability;
        _perLog = 1 / Math.Log(1 - probability);
    }

    /// <summary>Draws a number of steps: a whole number from 1 up, or infinity.</summary>
    internal double Draw(ref RandomStream random) => ToLength(random.NextUnit());

    /// <summary>Replaces random numbers above 0 and at most 1 by the numbers of steps that they draw.</summary>
    internal void ToLengths(Span<double> units)
    {
        int next = 0;
#if NET
        // Where most numbers draw one step, they need no logarithm, so one at a time is faster.
        if (_oneStep >= 0.5 && !double.IsInfinity(_perLog))
            next = ToLengthsSideBySide(units);
#endif
        for (; next < units.Length; next++)
            units[next] = ToLength(units[next]);
    }

    private double ToLength(double unit) =>
        unit > _oneStep ? 1
        : double.IsInfinity(_perLog) ? double.PositiveInfinity
        : 1 + Math.Floor(Math.Log(unit) * _perLog);

#if NET
    /// <summary>The same, with the logarithms of four numbers worked out at a time. Their last bits may differ from
    /// those of single ones, so results near a whole number are worked out again, one at a time.</summary>
    /// <returns>How many numbers were replaced.</returns>
    private int ToLengthsSideBySide(Span<double> units)
    {
        const double Tolerance = 1.0 / (1L << 40);
        Vector256<double> oneStep = Vector256.Create(_oneStep);
        Vector256<double> perLog = Vector256.Create(_perLog);
        Vector256<double> tolerance = Vector256.Create(Tolerance);
        int next = 0;
        for (; next <= units.Length - Vector256<double>.Count; next += Vector256<double>.Count)
        {
            Vector256<double> unit = Vector256.Create<double>(units.Slice(next, Vector256<double>.Count));
            Vector256<double> steps = Vector256.Log(unit) * perLog;
            Vector256<double> floor = Vector256.Floor(steps);
            Vector256<double> part = steps - floor;
            Vector256<double> doubt = (steps + Vector256.Abs(perLog)) * tolerance;
            if (Vector256.LessThanAny(part, doubt) || Vector256.GreaterThanAny(part, Vector256<double>.One - doubt))
            {
                for (int i = next; i < next + Vector256<double>.Count; i++)
                    units[i] = ToLength(units[i]);
                continue;
            }

            Vector256.ConditionalSelect(
                Vector256.GreaterThan(unit, oneStep), Vector256<double>.One, floor + Vector256<double>.One)
                .CopyTo(units[next..]);
        }

        return next;
    }
#endif
}
