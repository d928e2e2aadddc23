using System.Buffers;
using System.Globalization;
using System.Text;
using TdxPamt.Hosts;
using TdxPamt.Module;

namespace TdxPamt.Fuzz;

/// <summary>Real machines in every form that is read; what mutations start from.</summary>
internal static class Corpus
{
    internal static readonly byte[][] Logs = [.. ReadAll("*.log"), .. ReadAll("*.log", "cases")];

    internal static readonly byte[][] Documents =
    [
        .. ReadAll("*.json"),
        .. Hosts().Select(static host => Written(buffer => HostDocument.Write(host, buffer))),
        .. ReadmeDocument(),
    ];

    internal static readonly byte[][] Iomems = [.. Hosts().Select(Iomem)];

    internal static readonly byte[][] Plans =
    [
        .. Hosts().SelectMany(static host => KernelModel.All.Select(kernel => Written(
            buffer => PlanDocument.Write(HostPlan.Create(host, kernel), buffer)))),
    ];

    internal static readonly byte[][] TdmrInfos = [.. Hosts().Select(Blocks).Where(static blocks => blocks.Length > 0)];

    internal static readonly byte[][] PageTypeInfos = [.. ReadAll("*.txt", "cases"), Encoding.ASCII.GetBytes(
        """
        Page block order: 9
        Pages per block:  512

        Free pages count per migrate type at order       0      1      2      3      4      5      6
        Node    0, zone      DMA, type    Unmovable      0      0      0      0      0      0      0

        Number of blocks type     Unmovable      Movable  Reclaimable   HighAtomic          CMA      Isolate
        Node 0, zone      DMA            3            5            0            0            0            0
        Node 0, zone    DMA32            2         1000           20            1            0            0
        Node 0, zone   Normal          100         9000          900            0            0            0
        Node 1, zone   Normal            0            0            0            0            0            0
        Node 1, zone  Movable            1           31            0            0            0            0

        """)];

    /// <summary>A module's start, with one answer that differs.</summary>
    internal static readonly byte[] Transcript = Encoding.ASCII.GetBytes(
        """
        session 1 module 1.5.25 packages 1 key-id-bits 6 first-private-key-id 0x20 memory-filled-with 0x0
        cmr 0 base 0x100000 size 0x3ff00000
        call 22 0 9100000100000008 0 0 -> 0 0 9100000100000009 40 0
        call 22 0 9100000100000008 0 0 -> 0 0 9100000100000009 3f 0
        write 0x10000 0x1 0x2
        call 24 10000 0 0 0 -> c000050500000000 10000 0 0 0
        state before-config

        """);

    /// <summary>What the real machines come to.</summary>
    internal static readonly byte[] Summary = Written(static buffer =>
    {
        FleetSummary summary = new();
        foreach (HostDescription host in Hosts())
        {
            HostPlan plan = HostPlan.Create(host);
            summary.Add(plan);
            summary.Add(HostCost.Create(plan));
        }

        SummaryDocument.Write(summary, buffer);
    });

    internal static readonly byte[] SmallHost = Encoding.ASCII.GetBytes(
        """{"memory":[{"start":1048576,"end":2147483648,"node":0}],"cmrs":[{"start":0,"end":2147483648}]}""");

    /// <summary>Where the real machines are.</summary>
    internal static string Folder => Path.Combine(AppContext.BaseDirectory, "hosts");

    private static byte[][] ReadAll(string pattern, string folder = "") =>
    [
        .. Directory.GetFiles(Path.Combine(Folder, folder), pattern).Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes),
    ];

    private static IEnumerable<HostDescription> Hosts() => ReadAll("*.*")
        .Where(static text => !text.AsSpan().StartsWith("# Real"u8))
        .Select(static text => HostReader.Read(text, Law.File));

    private static byte[] Written(Action<IBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The example of the README has every property.</summary>
    private static IEnumerable<byte[]> ReadmeDocument() =>
    [
        Encoding.ASCII.GetBytes(
            """
            {
              "name": "two-socket",
              "memory": [
                { "start": "0x100000", "end": "0x80000000", "node": 0 },
                { "start": "0x100000000", "end": "0x4080000000", "node": 0 },
                { "start": "0x4080000000", "end": "0x8080000000", "node": 1 }
              ],
              "cmrs": [
                { "start": "0x100000", "end": "0x80000000" },
                { "start": "0x100000000", "end": "0x8080000000" }
              ],
              "blocked": [
                { "start": "0x140000000", "end": "0x140200000", "kind": "unmovable" },
                { "start": "0x180000000", "end": "0x1c0000000", "kind": "hugetlb", "pageSize": "2M" }
              ],
              "movable": [ { "node": 1, "start": "0x6000000000" } ],
              "fallbackOrder": [ [0, 1], [1, 0] ],
              "distances": [ [10, 21], [21, 10] ],
              "kernel": "mainline",
              "module": { "maxTdmrs": 64, "maxReservedAreas": 16, "pamtEntrySize": { "4K": 16, "2M": 16, "1G": 16 },
                          "dynamicPamt": false, "pamtPageBitmapEntryBits": 1, "keyIdBits": 6 }
            }
            """),
    ];

    private static byte[] Iomem(HostDescription host)
    {
        StringBuilder text = new("00000000-00000fff : Reserved\n");
        foreach (MemoryRegion region in host.Memory.Regions)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"{region.Range.Start:x8}-{region.Range.End - 1:x8} : System RAM\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static byte[] Blocks(HostDescription host)
    {
        HostPlan plan = HostPlan.Create(host);
        byte[] bytes = new byte[plan.Tdmrs.Count * TdmrInfoEntry.Stride];
        TdmrInfoTable.Write(plan.Tdmrs.Span, bytes);
        return bytes;
    }
}
