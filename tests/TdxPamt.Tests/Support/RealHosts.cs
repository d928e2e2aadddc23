using TdxPamt.Hosts;

namespace TdxPamt.Tests.Support;

/// <summary>The machines in tests/hosts, and one that is known by its failure alone.</summary>
internal static class RealHosts
{
    /// <summary>An Emerald Rapids that has 17 holes below 2 GiB: it fails on mainline, and works
    /// where holes come from CMRs.</summary>
    public const string FoxCreekPass = "fox-creek-pass.json";

    /// <summary>The same machine as its log shows it, with its failure.</summary>
    public const string FoxCreekPassLog = "fox-creek-pass.log";

    /// <summary>The failure that Fox Creek Pass printed.</summary>
    public const string FoxCreekPassFailure = "TDMR [0x0, 0x80000000): reserved areas exhausted";

    /// <summary>How many TDMRs Fox Creek Pass gets where holes come from CMRs.</summary>
    public const int FoxCreekPassTdmrs = 5;

    /// <summary>How many KiB the PAMTs of Fox Creek Pass then take.</summary>
    public const int FoxCreekPassKiB = 1_050_644;

    /// <summary>The memory of Fox Creek Pass.</summary>
    public const string FoxCreekPassMemory =
        "0x1000..0x9f000, 0x100000..0x5d169000, 0x5d22b000..0x5d3cf000, 0x5d46a000..0x5e5b3000, "
        + "0x5e5c3000..0x5e5d3000, 0x5e5e5000..0x5eb58000, 0x61358000..0x6172b000, 0x61795000..0x617ff000, "
        + "0x61913000..0x61999000, 0x619e0000..0x619e2000, 0x619ea000..0x61a27000, 0x61baf000..0x623c3000, "
        + "0x62472000..0x62824000, 0x63a25000..0x63d58000, 0x64158000..0x64159000, 0x64195000..0x6e9cf000, "
        + "0x6f7ff000..0x6f800000, 0x100000000..0x107a000000, 0x1080000000..0x207c000000@1, "
        + "0x2080000000..0x307c000000@2, 0x3080000000..0x407c000000@3";

    /// <summary>The CMRs of Fox Creek Pass.</summary>
    public const string FoxCreekPassCmrs =
        "0x100000..0x6f800000, 0x100000000..0x107a000000, 0x1080000000..0x207c000000, "
        + "0x2080000000..0x307c000000, 0x3080000000..0x407c000000";

    /// <summary>A Granite Rapids of which only "TDMR [0x40000000, 0x80000000): reserved areas exhausted" is known: its
    /// second GiB gets holes as firmware scatters them.</summary>
    public const string GraniteMemory =
        "4K..636K, 1M..1G-64K, 1G..1G+256M, 1G+257M..1G+300M, 1G+300M+256K..1G+301M, 1G+302M..1G+310M, "
        + "1G+310M+64K..1G+310M+72K, 1G+311M..1G+320M, 1G+320M+4K..1G+321M, 1G+322M..1G+330M, "
        + "1G+331M..1G+331M+12K, 1G+332M..1G+340M, 1G+341M..1G+350M, 1G+351M..1G+352M, 1G+352M+16K..1G+353M, "
        + "1G+354M..1G+360M, 1G+361M..1G+362M, 1G+363M..1G+700M, 1G+701M..1G+720M, "
        + "4G..130G, 130G..258G@1";

    public const string GraniteCmrs = "1M..1G-64K, 1G..1G+720M, 4G..130G, 130G..258G";

    public static readonly RealHost Xeon = new(
        "xeon-8480c-2-socket-256GiB.log",
        MemoryEvidence.Cmrs,
        Tdmrs: 3,
        PamtKiB: 1_050_636,
        IsReported: true,
        "0x100000..0x77800000, 0x100000000..0x206e000000, 0x2080000000..0x4070000000");

    public static readonly RealHost FourNodes = new(
        "4-node-1TiB-6.5.log",
        MemoryEvidence.Cmrs,
        Tdmrs: 5,
        PamtKiB: 4_202_516,
        IsReported: true,
        "0x100000..0x77800000, 0x100000000..0x407a000000, 0x4080000000..0x807c000000, "
        + "0x8080000000..0xc07c000000, 0xc080000000..0x1007c000000");

    public static readonly RealHost Snc = new(
        "snc-4-node-320GiB.log",
        MemoryEvidence.NodeRanges,
        Tdmrs: 5,
        PamtKiB: 1_313_300,
        IsReported: false,
        "0x1000..0x9e000, 0x100000..0x65e0f000, 0x695fe000..0x6f800000, 0x100000000..0x1870000000, "
        + "0x1870000000..0x3070000000@1, 0x3070000000..0x4070000000@2, 0x4070000000..0x5070000000@3");

    public static readonly RealHost Sparse = new(
        "sparse-8-socket-512GiB.log",
        MemoryEvidence.NodeRanges,
        Tdmrs: 10,
        PamtKiB: 2_101_288,
        IsReported: false,
        "0x1000..0xa0000, 0x100000..0x41a2e000, 0x41a2f000..0x4f22f000, 0x5b87f000..0x6d266000, "
        + "0x6d2ec000..0x70000000, 0x100000000..0x1000000000, 0xff80000000..0x10000000000, "
        + "0x10000000000..0x11000000000@1, 0x80000000000..0x81000000000@2, 0x90000000000..0x91000000000@3, "
        + "0x100000000000..0x101000000000@4, 0x110000000000..0x111000000000@5, "
        + "0x180000000000..0x181000000000@6, 0x190000000000..0x191000000000@7");

    public static readonly RealHost Uneven = new(
        "uneven-8-node-496GiB.log",
        MemoryEvidence.NodeRanges,
        Tdmrs: 9,
        PamtKiB: 2_035_620,
        IsReported: false,
        "0x1000..0xa0000, 0x100000..0x7552b000, 0x7bd46000..0x7bd47000, 0x7bdcd000..0x7c000000, "
        + "0x100000000..0x1080000000, 0x1080000000..0x2080000000@1, 0x2080000000..0x3080000000@2, "
        + "0x3080000000..0x3c80000000@3, 0x3c80000000..0x4c80000000@4, 0x4c80000000..0x5c80000000@5, "
        + "0x5c80000000..0x6c80000000@6, 0x6c80000000..0x7c80000000@7");

    private static readonly RealHost[] Table = [Xeon, FourNodes, Snc, Sparse, Uneven];

    /// <summary>The files of machines that mainline works on; <see cref="Known"/> says what it makes of them.</summary>
    public static TheoryData<string> Working => [.. Table.Select(static host => host.File)];

    /// <summary>Those of <see cref="Working"/> that hold their own kernel's total.</summary>
    public static TheoryData<string> Reported =>
        [.. Table.Where(static host => host.IsReported).Select(static host => host.File)];

    public static string[] All =>
    [
        .. Directory.GetFiles(Folder)
            .Select(static path => Path.GetFileName(path))
            .Where(static name => name != "README.md"),
    ];

    /// <summary>Each machine with each kernel, by their names.</summary>
    public static TheoryData<string, string> OnEachKernel()
    {
        TheoryData<string, string> machines = [];
        foreach (string name in All)
        {
            foreach (KernelModel kernel in KernelModel.All)
                machines.Add(name, kernel.Name);
        }

        return machines;
    }

    /// <summary>What is known of a machine that mainline works on.</summary>
    public static RealHost Known(string file) => Table.Single(host => host.File == file);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "hosts");

    public static string PathOf(string name) => Path.Combine(Folder, name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static HostMemory Read(string name) => Describe(name).Memory;

    public static HostDescription Describe(string name) => HostReader.Read(Bytes(name), name);

    public static HostMemory WithoutCmrs(HostMemory host) => HostMemory.Create(host.Regions, null, host.BlockedRanges);
}
