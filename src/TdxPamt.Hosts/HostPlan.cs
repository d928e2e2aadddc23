using Microsoft.Extensions.Logging;
using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>What a kernel, or strategies that no kernel has, make of a host: its TDMRs, or why it cannot have
/// any.</summary>
/// <remarks>Immutable and safe for many threads. Equal by value, but for the memory, which is the same or another.
/// </remarks>
public sealed record HostPlan
{
    private HostPlan(HostDescription host, KernelModel kernel, ModuleParameters module)
    {
        Host = host;
        Kernel = kernel;
        Module = module;
    }

    /// <summary>The host.</summary>
    public HostDescription Host { get; }

    /// <summary>The kernel that was followed.</summary>
    public KernelModel Kernel { get; }

    /// <summary>What the module was taken to report.</summary>
    public ModuleParameters Module { get; }

    /// <summary>What was done otherwise than the kernel does; <see cref="PlanStrategies.None"/>: nothing.</summary>
    public PlanStrategies Strategies { get; private init; }

    /// <summary>The TDMRs in ascending order; none where they could not be constructed.</summary>
    public ValueList<TdmrInfo> Tdmrs { get; private init; }

    /// <summary>How many 4 KiB pages the PAMTs take; 0 where the TDMRs could not be constructed.</summary>
    public ulong PamtPages { get; private init; }

    /// <summary>How many KiB the PAMTs take, as the kernel prints it.</summary>
    public ulong PamtKiB => PamtPages * (AddressRange.PageBytes / 1024);

    /// <summary>The RAM that is lost to TDX, in ascending order. Empty but for
    /// <see cref="PlanStrategies.ExcludeRam"/>.</summary>
    public ValueList<AddressRange> ExcludedRam { get; private init; }

    /// <summary>Why the TDMRs could not be constructed; null where they were.</summary>
    public TdmrFailure? Failure { get; private init; }

    /// <summary>What the TDX module says of the TDMRs; null where there are none, where the host's CMRs are not known,
    /// or
    /// where a TDMR has more reserved areas than a TDMR_INFO has room for.</summary>
    public ModuleVerdict? Verdict { get; private init; }

    /// <summary>Whether there are TDMRs, whatever the module says of them.</summary>
    public bool IsConstructed => Failure is null;

    /// <summary>Whether there are TDMRs, and the module does not reject them.</summary>
    public bool IsAcceptable => IsConstructed && Verdict is not { IsAccepted: false };

    /// <summary>Whether the host's own kernel reported the same outcome; null where it reported none.</summary>
    public bool? AgreesWithReport => Host.Reported?.Matches(this);

    /// <summary>Explains the PAMT figure that the host's own kernel printed, where this plan gives another.</summary>
    /// <returns>The explanation; null where the kernel printed none, the figures match, or this plan failed.</returns>
    public PamtTotalExplanation? ExplainReported() =>
        IsConstructed && Host.Reported is { PamtKiB: { } pamtKiB } && pamtKiB != PamtKiB
            ? PamtTotalExplanation.Create(Host.Memory, pamtKiB, Module)
            : null;

    /// <summary>Plans a host, its pages handed out by a <see cref="LinuxPageAllocator"/> of their own.</summary>
    /// <param name="host">The host.</param>
    /// <param name="kernel">The kernel to follow; null: the host's, or else <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What the module reports; null: as the host says.</param>
    /// <param name="strategies">What to do otherwise than the kernel does.</param>
    /// <param name="logger">Who is told what the kernel would print; null: nobody. With strategies nobody is told
    /// anything: no kernel does that.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentException">Strategies are wanted, and <paramref name="host"/> has more than
    /// <see cref="StrategyConstructor.MaxMemoryBlocks"/> memory blocks.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A bit of <paramref name="strategies"/> is set that is no
    /// strategy's.</exception>
    public static HostPlan Create(
        HostDescription host,
        KernelModel? kernel = null,
        ModuleParameters? module = null,
        PlanStrategies strategies = PlanStrategies.None,
        ILogger? logger = null)
    {
        _ = host ?? throw new ArgumentNullException(nameof(host));
        kernel ??= host.Kernel ?? KernelModel.Mainline;
        module ??= host.Module;
        if (strategies == PlanStrategies.None)
        {
            TdmrConstructor constructor = new(new LinuxPageAllocator(host.Memory), kernel, module, logger: logger);
            return constructor.TryConstruct(host.Memory, out TdmrConstruction? construction, out TdmrFailure? failure)
                ? new HostPlan(host, kernel, module)
                {
                    Tdmrs = construction.Tdmrs,
                    PamtPages = construction.PamtPages,
                    Verdict = host.Memory.Cmrs.Count == 0
                        ? null
                        : ModuleVerdict.Create(construction.Tdmrs.Span, host.Memory.Cmrs.Span, module),
                }
                : new HostPlan(host, kernel, module) { Failure = failure };
        }

        return new StrategyConstructor(strategies, kernel, module)
            .TryConstruct(host.Memory, out MemoryPlan? plan, out TdmrFailure? none)
                ? new HostPlan(host, kernel, module)
                {
                    Strategies = strategies,
                    Tdmrs = plan.Tdmrs,
                    PamtPages = plan.PamtPages,
                    ExcludedRam = plan.ExcludedRam,
                    Verdict = host.Memory.Cmrs.Count == 0 ? null : plan.Verdict,
                }
                : new HostPlan(host, kernel, module) { Strategies = strategies, Failure = none };
    }

    /// <summary>The outcome: <c>fox-creek-pass, mainline: 5 TDMRs, 1050644 KiB of PAMTs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Host.Name}, {Kernel}: "
        + (Failure is { } failure ? failure.Message : $"{Tdmrs.Count} TDMRs, {PamtKiB} KiB of PAMTs");
}
