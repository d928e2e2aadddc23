using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class GeometricLengthTests
{
    [Theory]
    [InlineData(1e-12)]
    [InlineData(0.001)]
    [InlineData(0.05)]
    [InlineData(0.3)]
    [InlineData(0.999)]
    [InlineData(0)]
    public void lengths_worked_out_side_by_side_are_those_worked_out_one_by_one(double probability)
    {
        double perLog = 1 / Math.Log(1 - probability);
        List<double> units = [1, Math.BitDecrement(1), 1.0 / (1UL << 53), 1 - probability];
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            // Half of them are as near as can be to where a length changes.
            double change = Math.Exp(random.Next(1, 40) / perLog);
            units.Add(random.Next(4) switch
            {
                0 => Math.BitDecrement(change),
                1 => change,
                _ => 1 - random.NextDouble(),
            });
        }

        double[] lengths = [.. units.Where(static unit => unit > 0)];
        double[] expected = [.. lengths.Select(unit =>
            unit > 1 - probability ? 1
            : double.IsInfinity(perLog) ? double.PositiveInfinity
            : 1 + Math.Floor(Math.Log(unit) * perLog))];
        new GeometricLength(probability).ToLengths(lengths);
        lengths.Should().Equal(expected);
    }
}
