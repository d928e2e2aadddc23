using System.Text;
using BenchmarkDotNet.Attributes;
using TdxPamt.Hosts;

namespace TdxPamt.Benchmarks;

/// <summary>A thousand host documents in, a thousand plans out.</summary>
[MemoryDiagnoser]
public class PlanStreamBenchmarks
{
    private const int Lines = 1000;

    private byte[] _documents = [];

    [GlobalSetup]
    public void SetUp()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "hosts/fox-creek-pass.json");
        string line = File.ReadAllText(file).ReplaceLineEndings(" ");
        _documents = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line + "\n", Lines)));
    }

    [Benchmark(OperationsPerInvoke = Lines)]
    public long Line()
    {
        using MemoryStream documents = new(_documents);
        return PlanStream.Run(documents, Stream.Null, "documents", kernel: null, module: static module => module).Lines;
    }
}
