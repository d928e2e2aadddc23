using Microsoft.Extensions.Logging;
using TdxPamt.Allocation;
using TdxPamt.Tdmr;

namespace TdxPamt.Hosts;

/// <summary>What a kernel makes of a host: its TDMRs, or why it cannot have any.</summary>
/// <remarks>Reading is safe for many threads.</remarks>
public sealed class HostPlan
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

    /// <summary>The TDMRs; null where they could not be constructed.</summary>
    public TdmrConstruction? Construction { get; private init; }

    /// <summary>Why the TDMRs could not be constructed; null where they were.</summary>
    public TdmrFailure? Failure { get; private init; }

    /// <summary>What the TDX module says of the TDMRs; null where there are none, where the host's CMRs are not known, or
    /// where a TDMR has more reserved areas than a TDMR_INFO has room for.</summary>
    public ModuleVerdict? Verdict { get; private init; }

    /// <summary>Whether there are TDMRs, and the module does not reject them.</summary>
    public bool IsAcceptable => Construction is not null && Verdict is not { IsAccepted: false };

    /// <summary>Whether the host's own kernel reported the same outcome; null where it reported none.</summary>
    public bool? MatchesReported => Host.Reported?.Matches(this);

    /// <summary>Plans a host, its pages handed out by a <see cref="LinuxPageAllocator"/> of their own.</summary>
    /// <param name="host">The host.</param>
    /// <param name="kernel">The kernel to follow; null: the host's, or else <see cref="KernelModel.Mainline"/>.</param>
    /// <param name="module">What the module reports; null: as the host says.</param>
    /// <param name="logger">Who is told what the kernel would print; null: nobody.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    public static HostPlan Create(
        HostDescription host, KernelModel? kernel = null, ModuleParameters? module = null, ILogger? logger = null)
    {
        _ = host ?? throw new ArgumentNullException(nameof(host));
        kernel ??= host.Kernel ?? KernelModel.Mainline;
        module ??= host.Module;
        TdmrConstructor constructor = new(new LinuxPageAllocator(host.Memory), kernel, module, logger: logger);
        constructor.TryConstruct(host.Memory, out TdmrConstruction? construction, out TdmrFailure? failure);
        return new HostPlan(host, kernel, module)
        {
            Construction = construction,
            Failure = failure,
            Verdict = construction is null ? null : ModuleVerdict.Of(construction, host.Memory, module),
        };
    }
}
