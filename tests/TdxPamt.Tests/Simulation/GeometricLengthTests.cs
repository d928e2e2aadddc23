using TdxPamt.Simulation;

namespace TdxPamt.Tests.Simulation;

public class GeometricLengthTests
{
    [Theory]
    [InlineData(1e-12)]
    [InlineData(0.001)]
    [InlineData(0.05)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    [InlineData(0)]
    public void lengths_worked_out_side_by_side_are_those_worked_out_one_by_one(double probability)
    {
        double perLog = 1 / Math.Log(1 - probability);
        List<double> units =
        [
            1, Math.BitDecrement(1), 1.0 / (1UL << 53), 1 - probability, Math.BitIncrement(1 - probability),
        ];
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

    [Fact]
    public void any_number_of_lengths_is_worked_out()
    {
        GeometricLength length = new(0.25);
        for (int count = 0; count <= 9; count++)
        {
            double[] lengths = new double[count];
            Array.Fill(lengths, 0.5);
            length.ToLengths(lengths);

            // 0.75 squared is above 0.5, its cube below.
            lengths.Should().Equal(Enumerable.Repeat(3.0, count));
        }
    }

    [Theory]
    [InlineData(0.25, 1, 1)]
    [InlineData(0.25, 0.76, 1)]
    [InlineData(0.25, 0.74, 2)]
    [InlineData(0.25, 0.57, 2)]
    [InlineData(0.25, 0.56, 3)]
    [InlineData(0.9, 0.11, 1)]
    [InlineData(0.9, 0.09, 2)]
    [InlineData(1, 1e-15, 1)]
    [InlineData(0, 0.5, double.PositiveInfinity)]
    public void a_length_is_the_first_power_of_the_chance_to_go_on_that_is_below_the_number(
        double probability, double unit, double steps)
    {
        double[] lengths = [unit, unit, unit, unit, unit];
        new GeometricLength(probability).ToLengths(lengths);
        lengths.Should().Equal(steps, steps, steps, steps, steps);
    }
}
