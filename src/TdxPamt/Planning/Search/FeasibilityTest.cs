namespace TdxPamt.Planning;

/// <summary>Necessary conditions for a combination of strategies to work, from the number of TDMRs
/// and holes alone.</summary>
internal sealed class FeasibilityTest(ReducedHost host)
{
    private readonly bool _isConvertible = host.NotConvertible().Length == 0;
    private readonly (int Tdmr, int GiB)?[] _maxHoles = new (int, int)?[2];

    /// <summary>Whether a combination may work.</summary>
    internal bool MayWork(PlanStrategies strategies)
    {
        bool cmrHoles = strategies.Has(PlanStrategies.HolesFromCmrs);
        if (cmrHoles && host.Memory.Cmrs.Count == 0)
            return false;
        if (strategies.Has(PlanStrategies.ExcludeRam))
            return true;
        if (!_isConvertible)
            return false;
        if (host.KernelTdmrs.Length > host.Module.MaxTdmrs && !strategies.Has(PlanStrategies.JoinTdmrs))
            return false;
        // A PAMT may happen to fill the gap between two holes.
        if (strategies.Has(PlanStrategies.MergeAreas))
            return true;
        ref (int Tdmr, int GiB)? max = ref _maxHoles[cmrHoles ? 1 : 0];
        max ??= MaxHoles(host.Holes(cmrHoles, merged: false));
        int holes = strategies.Has(PlanStrategies.SplitTdmrs) ? max.Value.GiB : max.Value.Tdmr;
        return holes <= host.Module.MaxReservedAreas;
    }

    private (int Tdmr, int GiB) MaxHoles(AddressRange[] holes) =>
        (Max(host.KernelTdmrs, holes), Max(PartitionUnits.Create(host.KernelTdmrs, holes), holes));

    private static int Max(AddressRange[] ranges, AddressRange[] holes)
    {
        int max = 0;
        foreach (AddressRange range in ranges)
        {
            int first = AddressRanges.FirstEndingAbove(holes, range.Start);
            int end = first;
            while (end < holes.Length && holes[end].Start < range.End)
                end++;
            max = Math.Max(max, end - first);
        }

        return max;
    }
}
