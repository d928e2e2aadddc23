using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>TDMRs, PAMTs and reserved areas that a kernel's own way or strategies give a machine, and what they cost.
/// </summary>
/// <remarks>Immutable and equal by value. Nothing is allocated: a plan holds no pages.</remarks>
public sealed record MemoryPlan
{
    internal MemoryPlan(
        KernelModel kernel,
        PlanStrategies strategies,
        ValueList<TdmrInfo> tdmrs,
        ValueList<AddressRange> givenUp,
        ModuleVerdict? verdict)
    {
        Kernel = kernel;
        Strategies = strategies;
        Tdmrs = tdmrs;
        ExcludedRam = givenUp;
        Verdict = verdict;
        ExcludedBytes = RangeSet.Bytes(givenUp.Span);
        foreach (TdmrInfo tdmr in tdmrs)
        {
            PamtPages += tdmr.PamtPages;
            MostReservedAreas = Math.Max(MostReservedAreas, tdmr.ReservedAreas.Count);
        }
    }

    /// <summary>The kernel whose way the strategies change.</summary>
    public KernelModel Kernel { get; }

    /// <summary>The strategies; <see cref="PlanStrategies.None"/> for the kernel's own way.</summary>
    public PlanStrategies Strategies { get; }

    /// <summary>How many changes from the kernel's own way that is.</summary>
    public int Changes => Strategies.Changes();

    /// <summary>The TDMRs in ascending order.</summary>
    public ValueList<TdmrInfo> Tdmrs { get; }

    /// <summary>The RAM at or above 1 MiB that is lost to TDX, in ascending order: neither usable by TDs nor holding
    /// PAMTs. Linux would have to keep it from its page allocator. Empty but for
    /// <see cref="PlanStrategies.ExcludeRam"/>.</summary>
    public ValueList<AddressRange> ExcludedRam { get; }

    /// <summary>How much RAM that is, in bytes.</summary>
    public ulong ExcludedBytes { get; }

    /// <summary>How many 4 KiB pages the PAMTs take.</summary>
    public ulong PamtPages { get; }

    /// <summary>How many KiB the PAMTs take.</summary>
    public ulong PamtKiB => PamtPages * (AddressRange.PageBytes / 1024);

    /// <summary>How many reserved areas the TDMR has that has most of them.</summary>
    public int MostReservedAreas { get; }

    /// <summary>What TDH.SYS.CONFIG says of the TDMRs, checked against the machine's CMRs or, where none are known, its
    /// RAM; null where a TDMR has more than the 16 areas that a TDMR_INFO has room for.</summary>
    public ModuleVerdict? Verdict { get; }

    /// <summary>Whether the module accepts the TDMRs.</summary>
    public bool IsAccepted => Verdict is { IsAccepted: true };

    /// <summary>The plan in a line.</summary>
    /// <returns>Kernel, strategies and costs.</returns>
    public override string ToString() =>
        $"{Kernel} {Strategies.Name()}: {PamtKiB} KiB in {Tdmrs.Count} TDMRs, "
        + $"at most {MostReservedAreas} reserved areas, 0x{ExcludedBytes:x} bytes given up";
}
