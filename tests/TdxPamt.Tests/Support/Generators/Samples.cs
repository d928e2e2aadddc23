using System.Runtime.CompilerServices;
using CsCheck;

namespace TdxPamt.Tests.Support;

/// <summary>Runs a property on the same samples every time, and lets CsCheck shrink the one that breaks it.</summary>
internal static class Samples
{
    /// <summary>By how much TDXPAMT_ITERATIONS, a number of random hosts, raises or lowers all properties.</summary>
    private static readonly double Factor =
        double.TryParse(Environment.GetEnvironmentVariable("TDXPAMT_ITERATIONS"), out double iterations)
            ? iterations / RandomHosts.Iterations
            : 1;

    /// <summary>Whether it matters which sample breaks a property, not only that one does.</summary>
    private static readonly bool Shrinks = Environment.GetEnvironmentVariable("TDXPAMT_MUTATION") is null;

    /// <summary>The file that a long run adds figures to, one per line; null for other runs.</summary>
    private static readonly string? Figures = Environment.GetEnvironmentVariable("TDXPAMT_FIGURES");

    private static readonly Lock FiguresLock = new();

    /// <summary>So many samples, raised or lowered as TDXPAMT_ITERATIONS says; at least 1.</summary>
    public static int Scaled(int iterations) => (int)Math.Max(1, iterations * Factor);

    /// <summary>Holds a property to samples.</summary>
    /// <param name="gen">Where samples come from.</param>
    /// <param name="iterations">How many, before TDXPAMT_ITERATIONS raises or lowers it.</param>
    /// <param name="property">Throws where it does not hold.</param>
    /// <param name="least">How many it takes to say anything.</param>
    /// <param name="name">The property's name, among the figures.</param>
    public static void Hold<T>(
        this Gen<T> gen, int iterations, Action<T> property, int least = 1, [CallerMemberName] string name = "")
    {
        int count = Math.Max(least, Scaled(iterations));
        Parallel.For(0, count, (i, state) =>
        {
            PCG pcg = new((uint)(i % 64), (ulong)i);
            string seed = pcg.ToString();
            try
            {
                property(gen.Generate(pcg, null!, out _));
            }
            catch (Exception) when (Shrinks)
            {
                state.Stop();
                gen.Sample(property, seed: seed, iter: 10_000, threads: 1);
                throw;
            }
        });
        Report(count, name);
    }

    /// <summary>Tells a long run how many samples a property has held for.</summary>
    public static void Report(long count, [CallerMemberName] string name = "")
    {
        if (Figures is null)
            return;
        lock (FiguresLock)
            File.AppendAllText(Figures, $"{count} {name}\n");
    }
}
