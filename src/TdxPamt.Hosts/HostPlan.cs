using Microsoft.Extensions.Logging;
using TdxPamt.Module;
using TdxPamt.Planning;

namespace TdxPamt.Hosts;

/// <summary>What a kernel, with or without strategies, makes of a host: a plan, or why there is none.</summary>
/// <remarks>Immutable and safe for many threads. Equal by value, except that the host's memory is
/// compared by reference.</remarks>
public sealed record HostPlan
{
    private HostPlan(
        HostDescription host,
        KernelModel kernel,
        ModuleParameters module,
        PlanStrategies strategies,
        MemoryPlan? plan,
        TdmrFailure? failure)
    {
        Host = host;
        Kernel = kernel;
        Module = module;
        Strategies = strategies;
        Plan = plan;
        Failure = failure;
    }

    /// <summary>The host.</summary>
    public HostDescription Host { get; }

    /// <summary>The kernel that was followed.</summary>
    public KernelModel Kernel { get; }

    /// <summary>Why <see cref="Kernel"/> was followed, where the host's log decided it; null otherwise.</summary>
    public string? KernelReason => Kernel == Host.Kernel ? Host.KernelReason : null;

    /// <summary>What the module was taken to report.</summary>
    public ModuleParameters Module { get; }

    /// <summary>The strategies that change the kernel's steps; <see cref="PlanStrategies.None"/> for none.</summary>
    public PlanStrategies Strategies { get; }

    /// <summary>The plan; null where the TDMRs could not be constructed.</summary>
    public MemoryPlan? Plan { get; }

    /// <summary>Why the TDMRs could not be constructed; null where they were.</summary>
    public TdmrFailure? Failure { get; }

    /// <summary>The plan's TDMRs in ascending order; none without a plan.</summary>
    public ValueList<TdmrInfo> Tdmrs => Plan?.Tdmrs ?? default;

    /// <summary>How many 4 KiB pages the PAMTs take; 0 without a plan.</summary>
    public ulong PamtPages => Plan?.PamtPages ?? 0;

    /// <summary>How many KiB the PAMTs take, as the kernel prints it; 0 without a plan.</summary>
    public ulong PamtKiB => Plan?.PamtKiB ?? 0;

    /// <summary>The RAM that the plan excludes from TDX, in ascending order; none without a plan.</summary>
    public ValueList<AddressRange> ExcludedRam => Plan?.ExcludedRam ?? default;

    /// <summary>What the TDX module answers to the TDMRs.</summary>
    public ModuleVerdict Verdict => Plan?.Verdict ?? ModuleVerdict.NotAsked;

    /// <summary>Whether there is a plan, whatever the module answers to it.</summary>
    public bool IsConstructed => Plan is not null;

    /// <summary>Whether there is a plan that is fit for use: <see cref="ModuleVerdict.IsAcceptable"/>.</summary>
    public bool IsAcceptable => Verdict.IsAcceptable;

    /// <summary>Whether there is a plan that a TDMR_INFO can hold and that the module, where it could be asked, does
    /// not reject.</summary>
    public bool Works => IsConstructed && Verdict.Answer is not (ModuleAnswer.Rejected or ModuleAnswer.TooManyAreas);

    /// <summary>Whether the kernel goes by CMRs that are not known, so that nothing can be said of it.</summary>
    internal bool LacksCmrs => Host.Memory.Cmrs.Count == 0
        && (Kernel.TestsConvertibility || Kernel.TakesHolesFromCmrs
            || Strategies.HasFlag(PlanStrategies.HolesFromCmrs));

    /// <summary>What had to be assumed, and what is odd about this host, each in one line without a
    /// full stop.</summary>
    public IReadOnlyList<string> Warnings => Host.WarningsFor(Kernel);

    /// <summary>Whether the host's own kernel reported the same outcome; null where it reported none, or one that does
    /// not depend on the layout.</summary>
    public bool? AgreesWithReport =>
        Host.IsIncomplete || Host.Reported is not { StopReason: null } reported ? null : reported.Matches(this);

    /// <summary>Whether TDX can be configured: neither yes nor no where that depends on what the host's input leaves
    /// open, and the host's own kernel did not report the same outcome.</summary>
    public HostAnswer Answer
    {
        get
        {
            if (Host.IsIncomplete || LacksCmrs)
                return HostAnswer.Unknown;
            if (IsConstructed && !Works)
                return HostAnswer.No;
            bool isConfirmed = Strategies == PlanStrategies.None && AgreesWithReport == true;
            bool isOpen = Host.Unknown.Any(it => it != HostUnknown.Cmrs || IsConstructed);
            return isOpen && !isConfirmed ? HostAnswer.Unknown
                : IsConstructed ? HostAnswer.Yes
                : HostAnswer.No;
        }
    }

    /// <summary>Why the answer is not known, in words without a full stop: <c>the CMRs are not known</c>; null
    /// where it is known.</summary>
    public string? UnknownBecause => Answer == HostAnswer.Unknown ? UnknownWords.Because(Host.Unknown) : null;

    /// <summary>What to do where the plan fails or leaves little room, the cheapest first; nothing where
    /// there are strategies.</summary>
    /// <returns>The actions of <see cref="PlanActions.Create"/>.</returns>
    public ValueList<PlanAction> FindActions()
    {
        bool hasRoom = IsAcceptable && Module.MaxReservedAreas - Plan!.MaxReservedAreasUsed > PlanActions.FewAreas;
        return hasRoom || Strategies != PlanStrategies.None || Host.IsIncomplete
            ? default
            : PlanActions.Create(Host.Memory, Kernel, Module);
    }

    /// <summary>Explains the PAMT figure that the host's own kernel printed, where this plan gives another.</summary>
    /// <returns>The explanation; null where the kernel printed none, the figures match, or this plan failed.</returns>
    public PamtTotalExplanation? ExplainReported() =>
        IsConstructed && Host.Reported is { PamtKiB: { } pamtKiB } && pamtKiB != PamtKiB
            ? PamtTotalExplanation.Create(Host.Memory, pamtKiB, Module)
            : null;

    /// <summary>Plans a host, its pages handed out by a <see cref="LinuxPageAllocator"/> of their own.</summary>
    /// <param name="host">The host.</param>
    /// <param name="kernel">The kernel to follow; null for the host's or, where the
    /// host names none, <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What the module reports; null for <see cref="HostDescription.ModuleFor"/>.</param>
    /// <param name="strategies">How to change the kernel's steps.</param>
    /// <param name="logger">Gets what the kernel would print; null disables logging. Not used with strategies, which no
    /// kernel has.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="strategies"/> has a bit
    /// that belongs to no strategy.</exception>
    public static HostPlan Create(
        HostDescription host,
        KernelModel? kernel = null,
        ModuleParameters? module = null,
        PlanStrategies strategies = PlanStrategies.None,
        ILogger? logger = null)
    {
        Preconditions.NotNull(host, nameof(host));
        kernel = host.KernelOr(kernel);
        module ??= host.ModuleFor(kernel);
        MemoryPlan? plan = null;
        TdmrFailure? failure;
        if (strategies != PlanStrategies.None)
        {
            new StrategyConstructor(strategies, kernel, module).TryConstruct(host.Memory, out plan, out failure);
        }
        else
        {
            TdmrConstructor constructor = new(
                new LinuxPageAllocator(host.Memory, kernel.MovesHugetlb), kernel, module, logger: logger);
            if (constructor.TryConstruct(host.Memory, out TdmrConstruction? construction, out failure))
                plan = MemoryPlan.FromConstruction(construction, host.Memory, kernel, module);
        }

        return new(host, kernel, module, strategies, plan, failure);
    }

    /// <summary>The outcome: <c>fox-creek-pass, mainline: 5 TDMRs, 1.002 GiB of PAMTs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Host.Name}, {Kernel}: "
        + (Failure is { } failure ? failure.Message
            : $"{Tdmrs.Count} TDMRs, {Quantities.Size(PamtKiB * 1024)} of PAMTs");
}
