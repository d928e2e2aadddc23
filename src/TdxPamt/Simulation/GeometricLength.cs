namespace TdxPamt.Simulation;

/// <summary>The geometric distribution: how many steps it takes until an event that has the same probability
/// at each step.</summary>
internal readonly struct GeometricLength
{
    private readonly double _probability;
    private readonly double _perLog;

    internal GeometricLength(double probability)
    {
        _probability = probability;
        _perLog = 1 / Math.Log(1 - probability);
    }

    /// <summary>Draws a number of steps: a whole number from 1 up, or infinity.</summary>
    internal double Draw(ref RandomStream random)
    {
        double unit = random.NextUnit();
        if (unit > 1 - _probability)
            return 1;
        return double.IsInfinity(_perLog) ? double.PositiveInfinity : 1 + Math.Floor(Math.Log(unit) * _perLog);
    }
}
