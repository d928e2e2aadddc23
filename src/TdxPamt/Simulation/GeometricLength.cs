using System.Runtime.CompilerServices;

namespace TdxPamt.Simulation;

/// <summary>The geometric distribution: how many steps it takes until an event that has the same probability
/// at each step.</summary>
internal readonly struct GeometricLength
{
    /// <summary>Above this a number draws one step.</summary>
    private readonly double _oneStep;
    private readonly double _perLog;

    internal GeometricLength(double probability)
    {
        _oneStep = 1 - probability;
        _perLog = 1 / Math.Log(1 - probability);
    }

    /// <summary>Draws a number of steps: a whole number from 1 up, or infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal double Draw(ref RandomStream random)
    {
        double unit = random.NextUnit();
        if (unit > _oneStep)
            return 1;
        return double.IsInfinity(_perLog) ? double.PositiveInfinity : 1 + Math.Floor(Math.Log(unit) * _perLog);
    }
}
