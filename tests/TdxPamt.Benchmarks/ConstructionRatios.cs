using System.Diagnostics;

namespace TdxPamt.Benchmarks;

/// <summary>The least times of <see cref="ConstructionBenchmarks"/> over many short batches, and how they compare with
/// C: what can be measured on a busy machine too, where means cannot.</summary>
internal static class ConstructionRatios
{
    private const int Batch = 100;

    internal static void Print()
    {
        foreach (BenchmarkHost host in Enum.GetValues<BenchmarkHost>())
        {
            ConstructionBenchmarks benchmarks = new() { Host = host };
            benchmarks.SetUpC();
            double inC = LeastNanoseconds(benchmarks.InC, calls: 1, ConstructionBenchmarks.TimesInC);
            double fromHost = LeastNanoseconds(benchmarks.FromHost, Batch, Batch);
            double fromRegions = LeastNanoseconds(benchmarks.FromRegions, Batch, Batch);
            Console.WriteLine(
                $"{host}: C {inC:0} ns; from a host {fromHost:0} ns, {fromHost / inC:0.0} times that; "
                + $"from regions {fromRegions:0} ns, {fromRegions / inC:0.0} times");
        }
    }

    /// <summary>The least time of one construction, over batches of some calls.</summary>
    private static double LeastNanoseconds(Func<ulong> construct, int calls, int constructions)
    {
        double least = double.MaxValue;
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < 3000)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
                construct();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalNanoseconds / constructions);
        }

        return least;
    }
}
