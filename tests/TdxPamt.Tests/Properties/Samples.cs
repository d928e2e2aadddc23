using CsCheck;

namespace TdxPamt.Tests.Properties;

/// <summary>Runs a property on the same samples every time, and lets CsCheck shrink the one that breaks it.</summary>
internal static class Samples
{
    /// <summary>By how much TDXPAMT_ITERATIONS, a number of random hosts, raises all properties.</summary>
    private static readonly double Factor =
        double.TryParse(Environment.GetEnvironmentVariable("TDXPAMT_ITERATIONS"), out double iterations)
            ? Math.Max(1, iterations / RandomHosts.Iterations)
            : 1;

    /// <summary>Holds a property to samples.</summary>
    /// <param name="gen">Where samples come from.</param>
    /// <param name="iterations">How many, before TDXPAMT_ITERATIONS raises it.</param>
    /// <param name="property">Throws where it does not hold.</param>
    public static void Hold<T>(this Gen<T> gen, int iterations, Action<T> property) =>
        Parallel.For(0, (long)(iterations * Factor), (i, state) =>
        {
            PCG pcg = new((uint)(i % 64), (ulong)i);
            string seed = pcg.ToString();
            try
            {
                property(gen.Generate(pcg, null!, out _));
            }
            catch (Exception)
            {
                state.Stop();
                gen.Sample(property, seed: seed, iter: 10_000, threads: 1);
                throw;
            }
        });
}
