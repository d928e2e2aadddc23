namespace TdxPamt.Planning;

/// <summary>Bisection between a number that passes a test and one that fails it.</summary>
internal static class Bisection
{
    /// <summary>A number that passes a test, and whose successor fails it.</summary>
    /// <param name="passes">A number that passes.</param>
    /// <param name="fails">A larger number that fails.</param>
    /// <param name="test">The test of numbers between the two.</param>
    internal static long LastPassing(long passes, long fails, Func<long, bool> test)
    {
        while (fails - passes > 1)
        {
            long middle = passes + ((fails - passes) / 2);
            if (test(middle))
                passes = middle;
            else
                fails = middle;
        }

        return passes;
    }
}
