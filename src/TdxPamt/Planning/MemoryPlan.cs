using TdxPamt.Module;

namespace TdxPamt.Planning;

/// <summary>The TDMRs, PAMTs and reserved areas that a kernel, with or without strategies, gives a machine, and
/// what they cost.</summary>
/// <remarks>Immutable and equal by value. A plan holds no pages. Rules: docs/model.md#planning.</remarks>
public sealed record MemoryPlan
{
    internal MemoryPlan(
        KernelModel kernel,
        PlanStrategies strategies,
        ValueList<TdmrInfo> tdmrs,
        ValueList<AddressRange> excludedRam,
        ModuleVerdict verdict)
    {
        Kernel = kernel;
        Strategies = strategies;
        Tdmrs = tdmrs;
        ExcludedRam = excludedRam;
        Verdict = verdict;
        foreach (AddressRange range in excludedRam)
            ExcludedBytes += range.Size;
        foreach (TdmrInfo tdmr in tdmrs)
        {
            PamtPages += tdmr.PamtPages;
            MaxReservedAreasUsed = Math.Max(MaxReservedAreasUsed, tdmr.ReservedAreas.Count);
        }
    }

    /// <summary>The kernel whose steps the strategies change.</summary>
    public KernelModel Kernel { get; }

    /// <summary>The strategies; <see cref="PlanStrategies.None"/> for the kernel's own steps.</summary>
    public PlanStrategies Strategies { get; }

    /// <summary>How many strategies that is, 0 to 8.</summary>
    public int Changes => Strategies.Changes();

    /// <summary>The TDMRs in ascending order.</summary>
    public ValueList<TdmrInfo> Tdmrs { get; }

    /// <summary>The RAM at or above 1 MiB, in ascending order, that TDX does not use: neither
    /// usable by TDs nor holding PAMTs. Linux would have to keep it from its page allocator. Empty but for
    /// <see cref="PlanStrategies.ExcludeRam"/>, and for RAM outside the CMRs that a kernel takes for holes.</summary>
    public ValueList<AddressRange> ExcludedRam { get; }

    /// <summary>The size of <see cref="ExcludedRam"/>, in bytes.</summary>
    public ulong ExcludedBytes { get; }

    /// <summary>How many 4 KiB pages the PAMTs take.</summary>
    public ulong PamtPages { get; }

    /// <summary>How many KiB the PAMTs take, as the kernel prints it.</summary>
    public ulong PamtKiB => PamtPages * (AddressRange.PageBytes / 1024);

    /// <summary>The number of reserved areas of the TDMR that has most of them.</summary>
    public int MaxReservedAreasUsed { get; }

    /// <summary>What TDH.SYS.CONFIG answers to the TDMRs.</summary>
    public ModuleVerdict Verdict { get; }

    /// <summary>Whether the TDMRs are fit for use: <see cref="ModuleVerdict.IsAcceptable"/>.</summary>
    public bool IsAcceptable => Verdict.IsAcceptable;

    /// <summary>The plan that a kernel carried out.</summary>
    /// <param name="construction">What it constructed.</param>
    /// <param name="host">The machine.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="module">What the machine's module reports.</param>
    /// <returns>The plan, without strategies. It stays as it is when the construction is freed.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static MemoryPlan FromConstruction(
        TdmrConstruction construction, HostMemory host, KernelModel kernel, ModuleParameters module)
    {
        ValueList<TdmrInfo> tdmrs = Preconditions.NotNull(construction, nameof(construction)).Tdmrs;
        Preconditions.NotNull(host, nameof(host));
        Preconditions.NotNull(kernel, nameof(kernel));
        return new(
            kernel,
            PlanStrategies.None,
            tdmrs,
            kernel.TakesHolesFromCmrs ? host.OutsideCmrs : default,
            ModuleVerdict.Create(tdmrs.Span, host, module));
    }

    /// <summary>The plan in a line.</summary>
    /// <returns>Kernel, strategies and costs.</returns>
    public override string ToString() =>
        $"{Kernel} {Strategies.Name()}: {Quantities.Size(PamtKiB * 1024)} in {Tdmrs.Count} TDMRs, "
        + $"at most {MaxReservedAreasUsed} reserved areas, 0x{ExcludedBytes:x} bytes of RAM excluded";
}
