using TdxPamt.Module;

namespace TdxPamt.Tests.Support;

/// <summary>Three TDMRs that the module accepts, with their PAMTs far away and free space all over.</summary>
internal static class SampleTdmrs
{
    internal const ulong Page = 0x1000;
    internal const ulong MiB = 1UL << 20;
    internal const ulong GiB = 1UL << 30;

    /// <summary>Where the PAMTs lie: outside all TDMRs, inside the CMRs.</summary>
    internal const ulong PamtsAt = 16 * GiB;

    /// <summary>What reaches 2^64 together with a value.</summary>
    internal static ulong TwoTo64Minus(ulong value) => unchecked(0 - value);

    /// <summary>One CMR over everything.</summary>
    internal static CmrInfo[] Cmrs => [new(0, 64 * GiB)];

    /// <summary>[4 GiB, 5 GiB), [5 GiB, 6 GiB) and [8 GiB, 10 GiB), each with two reserved areas of a page.</summary>
    internal static TdmrInfoEntry[] Create(ModuleParameters? module = null)
    {
        TdmrInfoEntry[] tdmrs =
        [
            new() { Base = 4 * GiB, Size = GiB },
            new() { Base = 5 * GiB, Size = GiB },
            new() { Base = 8 * GiB, Size = 2 * GiB },
        ];
        for (int i = 0; i < tdmrs.Length; i++)
        {
            PamtSizes sizes = PamtSizes.Calculate(tdmrs[i].Size, module);
            ulong at = PamtsAt + ((ulong)i * GiB);
            tdmrs[i].Pamt4K = new(at, sizes.Page4K);
            tdmrs[i].Pamt2M = new(at + (GiB / 4), sizes.Page2M);
            tdmrs[i].Pamt1G = new(at + (GiB / 2), sizes.Page1G);
            tdmrs[i].SetReservedArea(0, new(MiB, Page));
            tdmrs[i].SetReservedArea(1, new(2 * MiB, Page));
        }

        return tdmrs;
    }

    /// <summary>A TDMR as the host builds it: one area for its PAMTs, the others for holes in memory.</summary>
    /// <param name="areas">How many it has, 3 to 32.</param>
    internal static TdmrInfo WithReservedAreas(int areas)
    {
        HostMemory host = HostMemory.Create(Enumerable.Range(0, areas - 2).Select(static i =>
            new MemoryRegion(AddressRange.Create(((ulong)i * 32 * MiB) + MiB, ((ulong)i * 32 * MiB) + (17 * MiB)), 0)));
        TdmrConstructor constructor = new(
            new LinuxPageAllocator(host), module: new() { MaxReservedAreas = 32, PamtEntrySizes = new(1, 1, 1) });
        using TdmrConstruction construction = constructor.Construct(host);
        return construction.Tdmrs[0];
    }

    /// <summary>The status of the three TDMRs after a change.</summary>
    internal static CompletionStatus Answer(
        Action<TdmrInfoEntry[]> change, CmrInfo[]? cmrs = null, ModuleParameters? module = null)
    {
        TdmrInfoEntry[] tdmrs = Create(module);
        change(tdmrs);
        return SysConfig.Check(tdmrs, cmrs ?? Cmrs, module);
    }
}
