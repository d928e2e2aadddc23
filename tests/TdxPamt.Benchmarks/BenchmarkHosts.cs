namespace TdxPamt.Benchmarks;

public enum BenchmarkHost
{
    TwoSocket,
    EightNode,
    SixteenNode,
}

/// <summary>The machines that construction is measured on.</summary>
internal static class BenchmarkHosts
{
    private const ulong MiB = 1UL << 20;
    private const ulong GiB = 1UL << 30;

    internal static MemoryRegion[] Regions(BenchmarkHost host) => host switch
    {
        BenchmarkHost.TwoSocket => [.. LowMemory, .. NodesFrom4GiB(count: 2, 254 * GiB)],
        BenchmarkHost.EightNode => [.. LowMemory, .. NodesFrom4GiB(count: 8, 768 * GiB)],
        _ => [.. Enumerable.Range(0, 16).SelectMany(FragmentedNode)],
    };

    /// <summary>Stretches of 32 GiB in pairs that touch, each beginning with regions of up to 780 MiB and small holes,
    /// and with a CMR where those are known.</summary>
    internal static HostMemory ManyHoles(int holesEach, int stretches, bool knowsCmrs)
    {
        Random random = new(1);
        List<MemoryRegion> memory = [];
        List<AddressRange> cmrs = [];
        ulong position = 4 * GiB;
        for (int stretch = 0; stretch < stretches; stretch++)
        {
            ulong end = position + (32 * GiB);
            if (knowsCmrs)
                cmrs.Add(AddressRange.Create(position, end));
            for (int hole = 0; hole < holesEach; hole++)
            {
                ulong start = position;
                position += (ulong)random.Next(1, 200_000) * AddressRange.PageBytes;
                memory.Add(Region(start, position, stretch % 8));
                position += (ulong)random.Next(1, 5_000) * AddressRange.PageBytes;
            }

            memory.Add(Region(position, end, stretch % 8));
            position = end + ((ulong)(stretch % 2) * 3 * GiB);
        }

        return HostMemory.Create(memory, cmrs);
    }

    private static MemoryRegion[] LowMemory =>
    [
        Region(0x1000, 0x9f000, 0), Region(0x100000, 0x5d000000, 0), Region(0x5f000000, 0x6a000000, 0),
    ];

    private static IEnumerable<MemoryRegion> NodesFrom4GiB(int count, ulong size) => Enumerable.Range(0, count)
        .Select(node => Region((4 * GiB) + ((ulong)node * size), (4 * GiB) + ((ulong)(node + 1) * size), node));

    /// <summary>128 GiB; each 64 GiB begin with six regions of 80 MiB, each followed by a hole of 4 MiB.</summary>
    private static IEnumerable<MemoryRegion> FragmentedNode(int node)
    {
        for (ulong half = 0; half < 2; half++)
        {
            ulong start = (4 * GiB) + ((ulong)node * 128 * GiB) + (half * 64 * GiB);
            ulong end = start + (64 * GiB);
            for (int region = 0; region < 6; region++, start += 84 * MiB)
                yield return Region(start, start + (80 * MiB), node);
            yield return Region(start, end, node);
        }
    }

    private static MemoryRegion Region(ulong start, ulong end, int node) => new(AddressRange.Create(start, end), node);
}
