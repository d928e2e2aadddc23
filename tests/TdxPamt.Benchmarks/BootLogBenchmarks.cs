using System.Text;
using BenchmarkDotNet.Attributes;
using TdxPamt.Hosts;

namespace TdxPamt.Benchmarks;

/// <summary>A real machine's lines in 64 MB of a log's other lines; MB/s is 64 divided
/// by the mean in seconds.</summary>
[MemoryDiagnoser]
public class BootLogBenchmarks
{
    private const int Megabytes = 64;
    private const string Other =
        "[    1.234567] pci 0000:00:1f.4: reg 0x10: [mem 0x95ffc000-0x95ffc0ff 64bit] was assigned by firmware\n";

    private byte[] _log = [];

    [GlobalSetup]
    public void SetUp()
    {
        StringBuilder log = new(Megabytes * 1_000_000);
        log.Append(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hosts/sparse-8-socket-512GiB.log")));
        while (log.Length < Megabytes * 1_000_000)
            log.Append(Other);
        _log = Encoding.UTF8.GetBytes(log.ToString());
    }

    [Benchmark]
    public HostDescription Read()
    {
        using MemoryStream log = new(_log);
        return HostReader.Read(log, "benchmark.log");
    }
}
