using System.Text;

namespace TdxPamt.Hosts;

/// <summary>RAM and CMRs below 4 GiB, where firmware leaves its holes.</summary>
internal readonly record struct LowMemory(ValueList<AddressRange> Ram, ValueList<AddressRange> Cmrs)
{
    /// <summary>Where memory goes on after the gap for devices, in bytes.</summary>
    internal const ulong End = 4UL << 30;

    private const ulong GiB = 1UL << 30;

    /// <summary>The memory that is mapped below 4 GiB, in bytes: whole GiB.</summary>
    internal ulong Size
    {
        get
        {
            ulong end = Ram.Count == 0 ? 0 : Ram[^1].End;
            if (Cmrs.Count > 0)
                end = Math.Max(end, Cmrs[^1].End);
            return RoundUp(end);
        }
    }

    /// <summary>2 GiB without a hole, as all published machines map, above the first 640 KiB.</summary>
    internal static LowMemory WithoutHoles => new(
        [AddressRange.Create(0x1000, 0x9f000), AddressRange.Create(0x100000, 0x80000000)],
        [AddressRange.Create(0x100000, 0x80000000)]);

    /// <summary>That of the published machine with SNC. Its CMRs were not published: Fox Creek Pass, whose low memory
    /// ends at the same address, has one from 1 MiB up to there.</summary>
    internal static LowMemory Typical
    {
        get
        {
            PublishedHosts.TryRead("snc-4-node-320GiB", out string? log);
            return Of(HostReader.Read(Encoding.UTF8.GetBytes(log!), "snc-4-node-320GiB").Memory);
        }
    }

    /// <summary>That of a machine; where its CMRs are not known, one from 1 MiB up to the end of its RAM.</summary>
    internal static LowMemory Of(HostMemory memory)
    {
        AddressRange[] low = [AddressRange.Create(0, End)];
        AddressRange[] ram = AddressRanges.Intersect([.. memory.Regions.Select(static region => region.Range)], low);
        AddressRange[] cmrs = AddressRanges.Intersect(memory.Cmrs.Span, low);
        if (memory.Cmrs.Count == 0 && ram.Length > 0 && ram[^1].End > HostMemory.TdxMemoryStart)
            cmrs = [AddressRange.Create(HostMemory.TdxMemoryStart, ram[^1].End)];
        return new([.. ram], [.. cmrs]);
    }

    internal static ulong RoundUp(ulong address) => (address + GiB - 1) / GiB * GiB;
}
