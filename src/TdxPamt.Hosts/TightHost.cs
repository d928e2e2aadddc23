namespace TdxPamt.Hosts;

/// <summary>A host that has little or nothing left of what the TDX module allows.</summary>
/// <remarks>Immutable and equal by value.</remarks>
/// <param name="Name">The host's name.</param>
/// <param name="IsTdmrs">Whether it is about TDMRs; else about reserved areas of the TDMR that has most.</param>
/// <param name="Used">How many it has; where it failed, how many it needs.</param>
/// <param name="Allowed">How many the module takes.</param>
public sealed record TightHost(string Name, bool IsTdmrs, ulong Used, ulong Allowed)
{
    /// <summary>How many are left; below 0 where there are too few.</summary>
    public decimal Left => (decimal)Allowed - Used;

    /// <summary>The numbers: <c>17 of 16 reserved areas</c>.</summary>
    internal string Figures =>
        FormattableString.Invariant($"{Used} of {Allowed} {(IsTdmrs ? "TDMRs" : "reserved areas")}");

    /// <summary>Compares by what is left, then by the rest, so that the order is one and the same in
    /// every sum.</summary>
    internal int CompareTo(TightHost other)
    {
        int order = Left.CompareTo(other.Left);
        if (order == 0)
            order = string.CompareOrdinal(Name, other.Name);
        if (order == 0)
            order = IsTdmrs.CompareTo(other.IsTdmrs);
        return order != 0 ? order : Used.CompareTo(other.Used);
    }

    /// <summary>Name and numbers: <c>fox: 17 of 16 reserved areas</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name}: {Figures}";

    /// <summary>What a plan has least of; null where its failure does not say.</summary>
    internal static TightHost? OfPlan(HostPlan plan)
    {
        if (plan.Plan is { } works)
        {
            TightHost areas = new(
                plan.Host.Name, IsTdmrs: false, (ulong)works.MaxReservedAreasUsed, (ulong)plan.Module.MaxReservedAreas);
            TightHost tdmrs = new(plan.Host.Name, IsTdmrs: true, (ulong)works.Tdmrs.Count, (ulong)plan.Module.MaxTdmrs);
            return tdmrs.Left < areas.Left ? tdmrs : areas;
        }

        return plan.Failure is
        {
            Code: TdmrFailureCode.TdmrsExhausted or TdmrFailureCode.ReservedAreasExhausted,
            Needed: { } needed,
            Allowed: { } allowed,
        } failure
            ? new(plan.Host.Name, failure.Code == TdmrFailureCode.TdmrsExhausted, needed, allowed)
            : null;
    }
}
