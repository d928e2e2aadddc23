using TdxPamt.Hosts;

namespace TdxPamt.Tests.Support;

/// <summary>The machines in tests/hosts, and one that is known by its failure alone.</summary>
internal static class RealHosts
{
    public const string FoxCreekPass = "fox-creek-pass.json";

    /// <summary>A Granite Rapids of which only "TDMR [0x40000000, 0x80000000): reserved areas exhausted" is known: its
    /// second GiB gets holes as firmware scatters them.</summary>
    public const string GraniteMemory =
        "4K..636K, 1M..1G-64K, 1G..1G+256M, 1G+257M..1G+300M, 1G+300M+256K..1G+301M, 1G+302M..1G+310M, "
        + "1G+310M+64K..1G+310M+72K, 1G+311M..1G+320M, 1G+320M+4K..1G+321M, 1G+322M..1G+330M, "
        + "1G+331M..1G+331M+12K, 1G+332M..1G+340M, 1G+341M..1G+350M, 1G+351M..1G+352M, 1G+352M+16K..1G+353M, "
        + "1G+354M..1G+360M, 1G+361M..1G+362M, 1G+363M..1G+700M, 1G+701M..1G+720M, "
        + "4G..130G, 130G..258G@1";

    public const string GraniteCmrs = "1M..1G-64K, 1G..1G+720M, 4G..130G, 130G..258G";

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

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "hosts");

    public static string PathOf(string name) => Path.Combine(Folder, name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static HostMemory Read(string name) => Describe(name).Memory;

    public static HostDescription Describe(string name) => HostReader.Read(Bytes(name), name);

    public static HostMemory WithoutCmrs(HostMemory host) => HostMemory.Create(host.Regions, null, host.BlockedRanges);
}
