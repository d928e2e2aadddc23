using TdxPamt.Module;

namespace TdxPamt.Hosts;

/// <summary>What TDX costs a machine in memory: static PAMTs, Dynamic PAMT; docs/model.md#dynamic-pamt.</summary>
/// <remarks>Immutable and safe for many threads. Equal by value, except that the host's memory is
/// compared by reference.</remarks>
public sealed record HostCost
{
    private HostCost(HostPlan plan) => Plan = plan;

    /// <summary>The shares that are asked for where nobody names others: 0, 0.1, 0.5 and 1.</summary>
    public static IReadOnlyList<double> DefaultShares { get; } = [0, 0.1, 0.5, 1];

    /// <summary>The plan whose TDMRs are paid for; where it failed, nothing is known.</summary>
    public HostPlan Plan { get; }

    /// <summary>The machine.</summary>
    public HostDescription Host => Plan.Host;

    /// <summary>The cost of the PAMTs, without the reference counts; nothing where the plan failed.</summary>
    public DynamicPamtCost Cost { get; private init; }

    /// <summary>What the reference counts take with Dynamic PAMT, in bytes, docs/model.md#reference-count; 0 where the
    /// plan failed.</summary>
    public ulong ReferenceCountBytes { get; private init; }

    /// <summary>The share of memory mapped in private 4K pages at which Dynamic PAMT with its reference counts takes as
    /// much memory as static PAMTs: above 1 where it always takes less, 0 or below where it never does.</summary>
    public double BreakEvenShare => WithReferenceCounts.BreakEvenShare;

    private DynamicPamtCost WithReferenceCounts => Cost with { FixedBytes = Cost.FixedBytes + ReferenceCountBytes };

    /// <summary>The shares of memory mapped in private 4K pages that were asked for, each 0 to 1.</summary>
    public ValueList<double> Shares { get; private init; }

    /// <summary>Computes what TDX costs a machine.</summary>
    /// <param name="plan">The machine's plan.</param>
    /// <param name="shares">The shares of memory mapped in private 4K pages, each 0 to 1; null
    /// means <see cref="DefaultShares"/>.</param>
    /// <returns>The cost.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="plan"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A share is not in that interval.</exception>
    public static HostCost Create(HostPlan plan, IEnumerable<double>? shares = null)
    {
        Preconditions.NotNull(plan, nameof(plan));
        double[] asked = [.. shares ?? DefaultShares];
        if (asked.Any(static share => !(share >= 0 && share <= 1)))
            throw new ArgumentOutOfRangeException(nameof(shares), "shares must be from 0 to 1");
        ulong endOfRam = 0;
        foreach (MemoryRegion region in plan.Host.Memory.Regions)
            endOfRam = Math.Max(endOfRam, region.Range.End);
        return new(plan)
        {
            Shares = [.. asked],
            Cost = DynamicPamtCost.Create(plan.Tdmrs.Span, plan.Module),
            ReferenceCountBytes = plan.IsConstructed ? DynamicPamtCost.ReferenceCountBytes(endOfRam) : 0,
        };
    }

    /// <summary>What Dynamic PAMT takes, with its reference counts, where a share of memory is mapped in private
    /// 4K pages.</summary>
    /// <param name="share">The share, 0 to 1.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not in that interval.</exception>
    public ulong BytesAt(double share) => WithReferenceCounts.BytesAt(share);

    /// <summary>Both costs: <c>fox, 7.1: 8212 KiB of static PAMTs, 86 KiB of Dynamic PAMT before pairs</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Plan.Failure is not null ? Plan.ToString()
        : $"{Host.Name}, {Plan.Kernel}: {Quantities.Size(Cost.StaticBytes)} of static PAMTs, "
            + $"{Quantities.Size(BytesAt(0))} of Dynamic PAMT before pairs";
}
