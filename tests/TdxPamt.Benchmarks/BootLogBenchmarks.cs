using System.Text;
using BenchmarkDotNet.Attributes;
using TdxPamt.Hosts;

namespace TdxPamt.Benchmarks;

/// <summary>A real machine's lines in 64 MB of a log's other lines, or 5 MB of a map; MB/s is that divided by the mean
/// in seconds.</summary>
[MemoryDiagnoser]
public class BootLogBenchmarks
{
    private const int Megabytes = 64;
    private const int MapLines = 60_000;

    private byte[] _log = [];

    /// <summary>Which lines: those of drivers with a range of addresses, others, or those of an e820 map.</summary>
    [Params("ranges", "others", "e820")]
    public string Lines { get; set; } = "";

    [GlobalSetup]
    public void SetUp() => _log = Encoding.UTF8.GetBytes(Lines switch
    {
        "ranges" => Among(
            "[    1.234567] pci 0000:00:1f.4: reg 0x10: [mem 0x95ffc000-0x95ffc0ff 64bit] was assigned by firmware\n"),
        "others" => Among(
            "[    2.345678] usb 1-1: new high-speed USB device number 2 using xhci_hcd, idVendor=1d6b, idProduct=01\n"),
        _ => string.Concat(Enumerable.Range(0, MapLines).Select(MapLine)),
    });

    [Benchmark]
    public HostDescription Read()
    {
        using MemoryStream log = new(_log);
        return HostReader.Read(log, "benchmark.log");
    }

    private static string MapLine(int index)
    {
        long start = 0x100000000 + (index * 0x2000L);
        return $"[    0.000000] BIOS-e820: [mem 0x{start:x16}-0x{start + 0xfff:x16}] usable\n";
    }

    private static string Among(string line)
    {
        StringBuilder log = new(Megabytes * 1_000_000);
        log.Append(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hosts/sparse-8-socket-512GiB.log")));
        while (log.Length < Megabytes * 1_000_000)
            log.Append(line);
        return log.ToString();
    }
}
